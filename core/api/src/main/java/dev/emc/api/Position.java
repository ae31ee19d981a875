package dev.emc.api;

import java.util.Map;
import java.util.Objects;

/**
 * Where a record stands in its source. Keys and values are small: strings, whole numbers ({@link Long}), booleans.
 * Whole numbers are normalised to {@code Long}, so that a position equals itself after a round trip through a registry.
 *
 * @param partition which stream of the source, for example {@code {file: "/var/log/app.log"}}
 * @param offset how far that stream has been read when this record is done, for example {@code {byte: 4711}}
 */
public record Position(Map<String, Object> partition, Map<String, Object> offset) implements Progress {

    /** @throws IllegalArgumentException when a value is not a string, a whole number or a boolean */
    public Position {
        partition = scalars(partition);
        offset = scalars(offset);
    }

    private static Map<String, Object> scalars(Map<String, Object> map) {
        Objects.requireNonNull(map, "map");
        if (map.values().stream().allMatch(value -> value instanceof String || value instanceof Long
                || value instanceof Boolean)) {
            return Map.copyOf(map);
        }
        var normal = new java.util.HashMap<String, Object>(map);
        normal.replaceAll((key, value) -> scalar(key, value));
        return Map.copyOf(normal);
    }

    private static Object scalar(String key, Object value) {
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof String || value instanceof Long || value instanceof Boolean) {
            return value;
        }
        throw new IllegalArgumentException("position value '" + key + "' is not a string, whole number or boolean");
    }
}
