package dev.emc.core.engine;

/**
 * Sees whether so many of the last records failed for good that it must be the outside system, not the records. One
 * thread.
 */
final class Breaker {

    private final int limit;
    /** Whether each of the last records failed; a ring. */
    private final boolean[] window;
    private int next;
    private int seen;
    private int failures;

    /**
     * @param limit trips at so many failures; 0: never
     * @param window so many of the last records count
     */
    Breaker(int limit, int window) {
        this.limit = limit;
        this.window = new boolean[limit == 0 ? 0 : window];
    }

    /** Records were delivered. */
    void delivered(long records) {
        if (failures == 0) {
            seen = (int) Math.min(window.length, seen + records);
            return;
        }
        for (long i = Math.min(records, window.length); i > 0; i--) {
            add(false);
        }
    }

    /** A record failed for good. */
    void failed() {
        add(true);
    }

    private void add(boolean failure) {
        if (limit == 0) {
            return;
        }
        failures += (failure ? 1 : 0) - (window[next] ? 1 : 0);
        window[next] = failure;
        next = next + 1 == window.length ? 0 : next + 1;
        seen = Math.min(window.length, seen + 1);
    }

    boolean tripped() {
        return limit > 0 && failures >= limit;
    }

    /** What it has seen, as in "… failed for good": {@code 25 of the last 30 records}. */
    String count() {
        return failures == seen ? "all of the last " + seen + " records" : failures + " of the last " + seen + " records";
    }
}
