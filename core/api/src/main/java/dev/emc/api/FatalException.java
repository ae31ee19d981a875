package dev.emc.api;

/** This configuration can't work: the worker has to stop. */
public final class FatalException extends ConnectorException {

    private static final long serialVersionUID = 1;

    public FatalException(String message) {
        super(message, null);
    }

    public FatalException(String message, Throwable cause) {
        super(message, cause);
    }
}
