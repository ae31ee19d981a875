package dev.emc.core.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import dev.emc.api.RetryableException;

/** Delays between attempts: they double up to a limit, each shortened by up to a half at random. One thread. */
final class Backoff {

    private final long initialNanos;
    private final long maxNanos;
    private long nextNanos;

    Backoff(Duration initial, Duration max) {
        this.initialNanos = Math.max(1, initial.toNanos());
        this.maxNanos = Math.max(initialNanos, max.toNanos());
        this.nextNanos = initialNanos;
    }

    /** Nanoseconds to wait after this failure: at least as long as the outside system asks for. */
    long next(Exception failure) {
        long full = nextNanos;
        nextNanos = full > maxNanos / 2 ? maxNanos : full * 2;
        long delay = full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1);
        Optional<Duration> after = failure instanceof RetryableException retryable ? retryable.after() : Optional.empty();
        return after.map(asked -> Math.max(asked.toNanos(), delay)).orElse(delay);
    }

    void reset() {
        nextNanos = initialNanos;
    }
}
