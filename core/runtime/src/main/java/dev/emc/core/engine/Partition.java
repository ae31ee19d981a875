package dev.emc.core.engine;

import java.util.ArrayDeque;
import java.util.Map;

/** A stream of the source, with what is under way in the order in which it was read. */
final class Partition {

    final Map<String, Object> key;
    final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private String id;

    Partition(Map<String, Object> key) {
        this.key = key;
    }

    String id() {
        if (id == null) {
            id = EventIds.part(key);
        }
        return id;
    }
}
