package dev.emc.api;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Trying again later may work: the outside system is down, busy or full. */
public final class RetryableException extends ConnectorException {

    private static final long serialVersionUID = 1;

    private final Duration after;
    private final boolean throttled;

    public RetryableException(String message) {
        this(message, null, null);
    }

    public RetryableException(String message, Throwable cause) {
        this(message, cause, null);
    }

    /** @param after how long the outside system asks to wait; null when it doesn't say */
    public RetryableException(String message, Throwable cause, Duration after) {
        this(message, cause, after, false);
    }

    private RetryableException(String message, Throwable cause, Duration after, boolean throttled) {
        super(message, cause);
        this.after = after;
        this.throttled = throttled;
    }

    /**
     * For a record of a batch whose turn it isn't: the outside system takes only so many of its kind in a time, as those of one
     * channel or one key. Nothing is wrong with it or with the system, so that this is no attempt of {@code retry.attempts},
     * and other records don't wait for it. It comes again in the order in which it was received.
     *
     * @param after when its turn is
     */
    public static RetryableException throttled(String message, Duration after) {
        return new RetryableException(message, null, Objects.requireNonNull(after, "after"), true);
    }

    /** Whether it is {@link #throttled one whose turn it isn't}. */
    public boolean isThrottled() {
        return throttled;
    }

    /** How long the outside system asks to wait. */
    public Optional<Duration> after() {
        return Optional.ofNullable(after);
    }
}
