package dev.emc.wire;

/** What was read is not what it should be, or can't be written. The message is one sentence for the user. */
public final class EventFormatException extends Exception {

    private static final long serialVersionUID = 1;

    public EventFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
