package dev.emc.api;

import java.util.Objects;

/**
 * One thing that {@code doctor} looked at.
 *
 * @param subject what was looked at, a noun phrase such as {@code folder out}
 * @param passed whether it is as it should be
 * @param message what was found, small first letter, no full stop
 * @param remedy what to do; null when it passed
 */
public record Check(String subject, boolean passed, String message, String remedy) {

    public Check {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(message, "message");
    }

    /** It is as it should be. */
    public static Check passed(String subject, String message) {
        return new Check(subject, true, message, null);
    }

    /** It isn't. */
    public static Check failed(String subject, String message, String remedy) {
        return new Check(subject, false, message, remedy);
    }
}
