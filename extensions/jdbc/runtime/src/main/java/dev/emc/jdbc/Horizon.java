package dev.emc.jdbc;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Up to where rows are complete: no transaction that is still to come adds one before. A bound that was seen becomes such a
 * horizon when it is old enough, and all transactions that ran when it was seen have ended.
 */
final class Horizon {

    private static final int MOST_OPEN = 16;

    private final long ageNanos;
    private final Deque<Sample> open = new ArrayDeque<>();
    private List<Object> settled = List.of();

    /** @param ageNanos how long ago a bound has to have been seen */
    Horizon(long ageNanos) {
        this.ageNanos = ageNanos;
    }

    /**
     * Transactions of the database, by their numbers; where it doesn't show them, both are 0.
     *
     * @param oldest the oldest that runs
     * @param next the next one
     */
    record Transactions(long oldest, long next) {

        static final Transactions UNKNOWN = new Transactions(0, 0);
    }

    private record Sample(long at, List<Object> bound, long next) {}

    /**
     * Takes in what was seen.
     *
     * @param begin when it was asked for, as {@link System#nanoTime}
     * @param end when the answer had come
     * @param bound the highest values; none when there are no rows
     */
    void seen(long begin, long end, List<Object> bound, Transactions transactions) {
        if (!bound.isEmpty() && open.size() < MOST_OPEN
                && (open.isEmpty() || end - open.getLast().at >= ageNanos / (MOST_OPEN / 2))) {
            open.add(new Sample(end, bound, transactions.next));
        }
        while (!open.isEmpty() && begin - open.getFirst().at >= ageNanos && transactions.oldest >= open.getFirst().next) {
            settled = open.removeFirst().bound;
        }
    }

    /** Goes on with a horizon that was known before a restart. */
    void restore(List<Object> known) {
        settled = known;
    }

    /** The values up to which rows are complete; none when that isn't known yet. */
    List<Object> settled() {
        return settled;
    }

    /** How long the oldest bound waits that is not settled, in nanoseconds; 0 when there is none. */
    long waiting(long now) {
        return open.isEmpty() ? 0 : now - open.getFirst().at;
    }
}
