package dev.emc.api;

import java.util.Arrays;
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

    /**
     * Makes a position without a map for its offset; for sources that make very many.
     *
     * @param partition best that of another position
     * @param offset name, value, name, value; each name once; not copied
     * @throws IllegalArgumentException when a value is not a string, a whole number or a boolean
     */
    public static Position of(Map<String, Object> partition, Object... offset) {
        return new Position(partition, new Scalars(offset));
    }

    /** Entries whose values are checked and normal. */
    private static final class Scalars extends FewEntries {

        Scalars(Object[] pairs) {
            super(pairs);
            for (int i = 0; i < pairs.length; i += 2) {
                pairs[i + 1] = scalar((String) Objects.requireNonNull(pairs[i], "name"), pairs[i + 1]);
            }
        }
    }

    private static Map<String, Object> scalars(Map<String, Object> map) {
        Objects.requireNonNull(map, "map");
        if (map instanceof Scalars) {
            return map;
        }
        Object[] pairs = new Object[2 * map.size()];
        int length = 0;
        for (Map.Entry<String, Object> entry : map.entrySet()) {
            pairs[length++] = entry.getKey();
            pairs[length++] = entry.getValue();
        }
        Scalars scalars = new Scalars(length == pairs.length ? pairs : Arrays.copyOf(pairs, length));
        return scalars.size() <= FewEntries.MOST ? scalars : Map.copyOf(scalars);
    }

    private static Object scalar(String key, Object value) {
        if (value instanceof String || value instanceof Long || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        throw new IllegalArgumentException("position value '" + key + "' is not a string, whole number or boolean");
    }
}
