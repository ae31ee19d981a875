package dev.emc.core.engine;

import java.util.concurrent.TimeUnit;

/**
 * How many records may go now. They go evenly: what was not used adds up to a tenth of a second's worth, or to one record
 * where that is less. One thread.
 */
final class RateLimit {

    private static final double BURST_SECONDS = 0.1;
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final double perSecond;
    private final double most;
    private double allowed = 1;
    private long at;

    /**
     * @param perSecond records a second; infinite: no limit
     * @param now as all times in nanoseconds from any origin
     */
    RateLimit(double perSecond, long now) {
        this.perSecond = perSecond;
        this.most = Math.max(1, perSecond * BURST_SECONDS);
        this.at = now;
    }

    boolean unlimited() {
        return Double.isInfinite(perSecond);
    }

    /** The largest number of records that may ever go at once. */
    int burst() {
        return (int) Math.min(Integer.MAX_VALUE, most);
    }

    /** How many records to wait for, so that they don't go one by one where many may go. */
    int worthwhile() {
        return Math.max(1, burst() / 2);
    }

    /** How many records go within this time, 1 or more. */
    int within(double seconds) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, perSecond * seconds));
    }

    /** How many records may go now. */
    int available(long now) {
        if (unlimited()) {
            return Integer.MAX_VALUE;
        }
        allowed = Math.min(most, allowed + (now - at) / SECOND * perSecond);
        at = now;
        return (int) Math.max(0, allowed);
    }

    /** So many records went. */
    void used(int records) {
        if (!unlimited()) {
            allowed -= records;
        }
    }

    /**
     * How long it takes until so many records may go, in nanoseconds; 0 when they may.
     *
     * @param records no more than {@link #burst()}
     */
    long delay(long now, int records) {
        if (available(now) >= records) {
            return 0;
        }
        return (long) Math.ceil(Math.min((records - allowed) / perSecond * SECOND, Long.MAX_VALUE / 4));
    }
}
