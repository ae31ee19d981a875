package dev.emc.core.config;

import java.util.List;
import java.util.Map;

/**
 * The outcome of loading and checking.
 *
 * @param values the effective values of the keys of the descriptor, without prefix, in normal form; only what is set
 * @param quarkus settings of Quarkus itself that stand in the file
 * @param quarkusSet settings of Quarkus itself that were given by {@code --set}
 * @param problems errors, warnings and notes, by their place
 * @param source what the settings come from, for people: the file's name; null without a file
 * @param upstream whether the file has the form of EventMesh's own
 */
public record Settings(Map<String, String> values, Map<String, String> quarkus, Map<String, String> quarkusSet,
        List<Problem> problems, String source, boolean upstream) {

    /** Whether the connector can start with these. */
    public boolean isValid() {
        return problems.stream().noneMatch(Problem::isError);
    }

    /** The value of a key as it is set or by its default; null for neither. */
    public String value(String key, Descriptor descriptor) {
        String value = values.get(key);
        if (value != null) {
            return value;
        }
        return descriptor.keys().stream().filter(k -> k.name().equals(key)).findFirst().map(Descriptor.Key::defaultValue)
                .orElse(null);
    }
}
