package dev.emc.api;

import java.util.Objects;

/**
 * A setting of a connector that can't work.
 *
 * @param key the key as in the configuration interface, without {@code connector.}, for example {@code path}
 * @param message what is wrong, as in "key: message", small first letter, no full stop; never repeats a secret
 * @param suggestion what to do; null for none
 */
public record ConfigProblem(String key, String message, String suggestion) {

    public ConfigProblem {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(message, "message");
    }

    public ConfigProblem(String key, String message) {
        this(key, message, null);
    }
}
