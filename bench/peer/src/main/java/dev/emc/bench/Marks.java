package dev.emc.bench;

import java.util.function.Consumer;

/** What a program under measurement tells the benchmark, on standard output. */
final class Marks {

    static final int STEPS = 100;

    private Marks() {}

    /** Event {@code number} of {@code all} is done: told of the first one and for each of {@link #STEPS} steps. */
    static void done(long number, long all) {
        done(number, all, Marks::mark);
    }

    static void done(long number, long all, Consumer<String> marks) {
        if (number == 1 || number % Math.max(1, all / STEPS) == 0 || number == all) {
            marks.accept(Long.toString(number));
        }
    }

    static void mark(String name) {
        System.out.println(name);
        System.out.flush();
    }
}
