package dev.emc.core.transform;

/** A filter expression can't be used. The message says what is wrong and where, small first letter, no full stop. */
public final class InvalidFilterException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient String suggestion;

    InvalidFilterException(String message, String suggestion) {
        super(message, null, false, false);
        this.suggestion = suggestion;
    }

    /** What to do; null when the message says it. */
    public String suggestion() {
        return suggestion;
    }
}
