package dev.emc.testkit;

import java.time.Duration;
import java.util.function.Supplier;

/** Waits for what happens on other threads and in other processes. */
public final class Await {

    /** Enough for a loaded machine; only a failing test waits that long. */
    public static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final long PAUSE_MILLIS = 5;

    private Await() {}

    /** Something that becomes true. */
    @FunctionalInterface
    public interface Condition {

        boolean holds() throws Exception;
    }

    /**
     * Waits up to {@link #DEADLINE}.
     *
     * @param what as in "never happened: …"
     */
    public static void until(String what, Condition condition) throws Exception {
        until(() -> what, DEADLINE, condition);
    }

    /**
     * Waits until a condition holds.
     *
     * @param what as in "never happened: …"; asked only when it didn't
     * @throws AssertionError when it doesn't in time
     */
    public static void until(Supplier<String> what, Duration atMost, Condition condition) throws Exception {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("never happened: " + what.get());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Whether a condition holds all the time. */
    public static boolean always(Duration during, Condition condition) throws Exception {
        long end = System.nanoTime() + during.toNanos();
        while (System.nanoTime() - end < 0) {
            if (!condition.holds()) {
                return false;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return true;
    }
}
