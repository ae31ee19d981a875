package dev.emc.api;

/** This record is bad: trying it again is of no use. */
public final class PermanentException extends ConnectorException {

    private static final long serialVersionUID = 1;

    public PermanentException(String message) {
        super(message, null);
    }

    public PermanentException(String message, Throwable cause) {
        super(message, cause);
    }
}
