package dev.emc.redis;

import java.time.Duration;

/** Says when an interval is over; at the beginning it is. */
final class Timer {

    private final long interval;
    private long next = System.nanoTime();

    Timer(Duration interval) {
        this.interval = interval.toNanos();
    }

    boolean due() {
        return System.nanoTime() - next >= 0;
    }

    void restart() {
        next = System.nanoTime() + interval;
    }
}
