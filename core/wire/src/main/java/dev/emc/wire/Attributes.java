package dev.emc.wire;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** The attributes of an event in their order; mostly so few that a map would cost more than it helps. */
final class Attributes {

    /** From here on they have a map: an event may be full of them. */
    private static final int MANY = 48;
    private static final int FEW = 12;

    private String[] names = new String[FEW];
    private Object[] values = new Object[FEW];
    private int count;
    /** Index of each one; null while they are few. */
    private Map<String, Integer> indexes;

    /** Sets one; the last value counts. */
    void put(String name, Object value) {
        int index = index(name);
        if (index == count) {
            if (count == names.length) {
                names = Arrays.copyOf(names, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            names[count++] = name;
            remember(index);
        }
        values[index] = value;
    }

    /** The value; null when there is none. */
    Object get(String name) {
        int index = index(name);
        return index == count ? null : values[index];
    }

    private void remember(int index) {
        if (indexes != null) {
            indexes.put(names[index], index);
        } else if (count == MANY) {
            indexes = new HashMap<>();
            for (int i = 0; i < count; i++) {
                indexes.put(names[i], i);
            }
        }
    }

    private int index(String name) {
        if (indexes != null) {
            return indexes.getOrDefault(name, count);
        }
        for (int i = 0; i < count; i++) {
            if (names[i] == name) {
                return i;
            }
        }
        for (int i = 0; i < count; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return count;
    }

    void forEach(BiConsumer<String, Object> action) {
        for (int i = 0; i < count; i++) {
            action.accept(names[i], values[i]);
        }
    }

    /** Forgets all, and the room that very many of them took. */
    void clear() {
        if (count > MANY) {
            names = new String[FEW];
            values = new Object[FEW];
        } else {
            Arrays.fill(names, 0, count, null);
            Arrays.fill(values, 0, count, null);
        }
        count = 0;
        indexes = null;
    }
}
