package dev.emc.api;

import java.util.HashMap;
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
        for (Object value : map.values()) {
            if (!(value instanceof String || value instanceof Long || value instanceof Boolean)) {
                Map<String, Object> normal = new HashMap<>(map);
                normal.replaceAll(Position::scalar);
                return Map.copyOf(normal);
            }
        }
        return Map.copyOf(map); // no copy of a map that is immutable already
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
