package dev.emc.core.engine;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Makes a log line of what happens again and again: the first time, and once a minute. One thread. */
public final class Reminder {

    private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier clock;
    private boolean told;
    private long toldAt;

    /** @param clock in nanoseconds */
    public Reminder(LongSupplier clock) {
        this.clock = clock;
    }

    /** Whether to tell it now. */
    public boolean due() {
        long now = clock.getAsLong();
        if (told && now - toldAt < INTERVAL) {
            return false;
        }
        told = true;
        toldAt = now;
        return true;
    }
}
