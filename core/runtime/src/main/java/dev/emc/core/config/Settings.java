package dev.emc.core.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.emc.core.config.Problem.Severity;

/**
 * The outcome of loading and checking.
 *
 * @param values the effective values of the keys of the descriptor, without prefix, in normal form; only what is set
 * @param quarkus settings of Quarkus itself that stand in the file
 * @param quarkusSet settings of Quarkus itself that were given by {@code --set}
 * @param problems errors, warnings and notes, by their place
 * @param source what the settings come from, for people: the file's name; null without a file
 * @param upstream whether the file has the form of EventMesh's own
 * @param places where the keys of the descriptor were set; only what is set
 */
public record Settings(Map<String, String> values, Map<String, String> quarkus, Map<String, String> quarkusSet,
        List<Problem> problems, String source, boolean upstream,
        Map<String, Place> places) {

    /**
     * Where a key was set.
     *
     * @param file the file's name, {@code --set}, or an environment variable
     * @param line from 1; 0 when unknown
     * @param key as the user wrote it; null when the place says it
     */
    public record Place(String file, int line, String key) {}

    /** Whether the connector can start with these. */
    public boolean isValid() {
        return problems.stream().noneMatch(Problem::isError);
    }

    /** An error with a key, at the place where the key was set. */
    public Problem problem(String name, String message, String suggestion) {
        Place place = places.get(name);
        return place == null
                ? new Problem(Severity.ERROR, null, 0, name, message, suggestion)
                : new Problem(Severity.ERROR, place.file, place.line, place.key, message, suggestion);
    }

    /** The same settings with another value of a key, in normal form. */
    public Settings with(String key, String value) {
        var changed = new LinkedHashMap<>(values);
        changed.put(key, value);
        return new Settings(changed, quarkus, quarkusSet, problems, source, upstream, places);
    }

    /** The same settings with further problems. */
    public Settings with(List<Problem> more) {
        var all = new ArrayList<>(problems);
        all.addAll(more);
        all.sort(Problem.BY_PLACE);
        return new Settings(values, quarkus, quarkusSet, List.copyOf(all), source, upstream, places);
    }

    /** The same settings with a further error that has no place. */
    public Settings withError(String message) {
        return with(List.of(new Problem(Severity.ERROR, null, 0, null, message, null)));
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
