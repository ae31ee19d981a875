package dev.emc.api;

import java.time.Duration;
import java.util.Optional;

/** Trying again later may work: the outside system is down, busy or full. */
public final class RetryableException extends ConnectorException {

    private static final long serialVersionUID = 1;

    private final Duration after;

    public RetryableException(String message) {
        this(message, null, null);
    }

    public RetryableException(String message, Throwable cause) {
        this(message, cause, null);
    }

    /** @param after how long the outside system asks to wait; null when it doesn't say */
    public RetryableException(String message, Throwable cause, Duration after) {
        super(message, cause);
        this.after = after;
    }

    /** How long the outside system asks to wait. */
    public Optional<Duration> after() {
        return Optional.ofNullable(after);
    }
}
