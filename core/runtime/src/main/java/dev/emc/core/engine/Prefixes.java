package dev.emc.core.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.emc.api.Position;
import dev.emc.api.SourceRecord;
import dev.emc.core.engine.Entry.Fate;

/** What has been collected and not yet been saved and committed. */
final class Prefixes {

    /** The newest position of each partition. */
    final Map<Map<String, Object>, Position> ends = new HashMap<>();
    /** Those with a position, in order within a partition. */
    private final List<Entry> entries = new ArrayList<>();
    /** All records, also those without a position. */
    int count;
    /** Of those, the ones that the mesh has not got. */
    int filtered;
    int dead;
    int dropped;
    /** Of those that the mesh has got, the ones that were {@link Entry#counted} before. */
    int counted;
    /** The size of all of them in bytes. */
    long bytes;

    void add(Entry entry) {
        count(entry, 1);
        if (entry.progress instanceof Position) {
            entries.add(entry);
            // it may stay here for a while
            entry.outgoing = null;
        }
    }

    /** @param times 1 to add it, -1 to take it out */
    private void count(Entry entry, int times) {
        count += times;
        bytes += times * entry.size;
        Fate fate = entry.fate();
        if (fate == null) {
            counted += entry.counted ? times : 0;
            return;
        }
        switch (fate) {
            case FILTERED -> filtered += times;
            case DEAD -> dead += times;
            case DROPPED -> dropped += times;
        }
    }

    boolean isEmpty() {
        return count == 0 && ends.isEmpty();
    }

    /** The records that have a position, in order within a partition. */
    List<SourceRecord> records() {
        List<SourceRecord> records = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            records.add(entry.record);
        }
        return records;
    }

    boolean holds(Set<Map<String, Object>> keys) {
        return keys.stream().anyMatch(ends::containsKey);
    }

    /** Takes out what belongs to these partitions; returns how many records that were. */
    int remove(Set<Map<String, Object>> keys) {
        if (!ends.keySet().removeAll(keys)) {
            return 0;
        }
        int before = count;
        entries.removeIf(entry -> {
            boolean removed = keys.contains(entry.partition.key);
            if (removed) {
                count(entry, -1);
            }
            return removed;
        });
        return before - count;
    }

    /** How many the mesh has got. */
    int delivered() {
        return count - filtered - dead - dropped;
    }

    void clear() {
        ends.clear();
        entries.clear();
        count = 0;
        filtered = 0;
        dead = 0;
        dropped = 0;
        counted = 0;
        bytes = 0;
    }
}
