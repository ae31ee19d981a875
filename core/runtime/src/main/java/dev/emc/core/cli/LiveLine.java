package dev.emc.core.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a person sees of a run: one line on standard error that keeps itself up to date, when that is a terminal, and a
 * summary at the end in any case. Log lines overwrite the line, which then comes again below them.
 */
public final class LiveLine implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 500;
    private static final String ERASE_TO_END = "\u001B[K";
    private static final String CUT_AT_THE_EDGE = "\u001B[?7l";
    private static final String WRAP_AT_THE_EDGE = "\u001B[?7h";

    private final PrintStream out;
    private final Supplier<Counts> counts;
    private final Consumer<String> summary;
    private final Thread thread;
    private long started;

    /**
     * What the line shows.
     *
     * @param perSecond records delivered a second, over the last seconds
     * @param delivered records safely at the other side
     * @param inFlight records taken in and not yet finished
     * @param lag what waits at the outside system; negative when unknown
     * @param retries attempts after the first
     * @param dead records kept as dead letters
     */
    public record Counts(double perSecond, long delivered, long inFlight, long lag, long retries, long dead) {}

    /**
     * @param live whether to show the line itself, not only the summary
     * @param summary takes the summary
     */
    public LiveLine(PrintStream out, Supplier<Counts> counts, boolean live, Consumer<String> summary) {
        this.out = out;
        this.counts = counts;
        this.summary = summary;
        this.thread = live ? new Thread(this::run, "emc-live-line") : null;
    }

    /** Begins to show the line, and to count the time. */
    public void start() {
        started = System.nanoTime();
        if (thread != null) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Whether {@link #start} was called. */
    public boolean started() {
        return started != 0;
    }

    private void run() {
        try {
            while (true) {
                // the cursor goes back to the start, so that a log line replaces this one
                out.print("\r" + CUT_AT_THE_EDGE + line(counts.get()) + ERASE_TO_END + WRAP_AT_THE_EDGE + "\r");
                out.flush();
                Thread.sleep(INTERVAL_MILLIS);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Removes the line and tells the summary. */
    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            out.print("\r" + ERASE_TO_END);
            out.flush();
        }
        summary.accept(summary(counts.get(), Duration.ofNanos(System.nanoTime() - started)));
    }

    static String line(Counts counts) {
        var line = new StringBuilder();
        line.append(grouped(Math.round(counts.perSecond()))).append("/s · delivered ").append(grouped(counts.delivered()))
                .append(" · in flight ").append(grouped(counts.inFlight()));
        if (counts.lag() >= 0) {
            line.append(" · lag ").append(grouped(counts.lag()));
        }
        line.append(" · retries ").append(grouped(counts.retries())).append(" · dead letters ").append(grouped(counts.dead()));
        return line.toString();
    }

    static String summary(Counts counts, Duration time) {
        var line = new StringBuilder();
        long tenths = Math.round(time.toMillis() / 100.0);
        long rate = time.isZero() ? 0 : Math.round(counts.delivered() * 1e9 / time.toNanos());
        line.append("delivered ").append(plural(counts.delivered(), "record", "records")).append(" in ")
                .append(grouped(tenths / 10))
                .append('.').append(tenths % 10).append(" s (").append(grouped(rate)).append("/s), ")
                .append(plural(counts.retries(), "retry", "retries"));
        if (counts.dead() > 0) {
            line.append(", ").append(plural(counts.dead(), "dead letter", "dead letters"));
        }
        return line.toString();
    }

    private static String plural(long count, String one, String many) {
        return grouped(count) + " " + (count == 1 ? one : many);
    }

    private static String grouped(long number) {
        String digits = Long.toString(number);
        var text = new StringBuilder();
        for (int i = 0; i < digits.length(); i++) {
            if (i > 0 && (digits.length() - i) % 3 == 0) {
                text.append(',');
            }
            text.append(digits.charAt(i));
        }
        return text.toString();
    }
}
