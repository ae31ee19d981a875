package dev.emc.api;

/**
 * An error of a known class. Its message is one sentence for the user: what is wrong and what to do. An exception that
 * is none of these counts as retryable until the attempts run out.
 */
public abstract sealed class ConnectorException extends Exception
        permits RetryableException, PermanentException, FatalException {

    private static final long serialVersionUID = 1;

    protected ConnectorException(String message, Throwable cause) {
        super(message, cause);
    }
}
