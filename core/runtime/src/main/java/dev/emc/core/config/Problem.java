package dev.emc.core.config;

import java.util.Comparator;

/**
 * Something to tell the user about the settings. Never holds the value of a secret.
 *
 * @param file where the setting stands: the file's name, {@code --set}, or an environment variable; null for none
 * @param line from 1; 0 when unknown
 * @param key the key as the user wrote it; null when the problem is with the file as a whole
 * @param message what is wrong, and what was expected
 * @param suggestion what to do; null when the message says it
 */
public record Problem(Severity severity, String file, int line, String key, String message, String suggestion) {

    /** The order of the file, then what has no place in it. */
    static final Comparator<Problem> BY_PLACE = Comparator
            .comparing((Problem problem) -> problem.file() == null || problem.line() == 0).thenComparingInt(Problem::line);

    /** How bad it is. */
    public enum Severity {
        /** The connector doesn't start. */
        ERROR,
        /** It starts, but probably not as meant. */
        WARNING,
        /** Good to know. */
        NOTE
    }

    /** Whether the connector can't start. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** Where it is: {@code sink.yaml:7}; empty when not known. */
    public String place() {
        return file == null ? "" : line > 0 ? file + ":" + line : file;
    }

    /** One line: place, severity unless it is an error, key, message, suggestion. */
    public String text() {
        var text = new StringBuilder(place());
        separate(text);
        if (severity != Severity.ERROR) {
            text.append(severity == Severity.WARNING ? "warning: " : "note: ");
        }
        if (key != null) {
            text.append(key).append(": ");
        }
        text.append(message);
        if (suggestion != null) {
            text.append("; ").append(suggestion);
        }
        return text.toString();
    }

    private static void separate(StringBuilder text) {
        if (!text.isEmpty()) {
            text.append(": ");
        }
    }
}
