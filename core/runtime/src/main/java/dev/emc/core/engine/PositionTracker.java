package dev.emc.core.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.emc.api.Position;
import dev.emc.api.Progress;
import dev.emc.api.SourceRecord;

/**
 * Knows which records of a source are under way, and how far the unbroken prefix of accepted ones reaches in each
 * partition. One thread adds and collects; {@link Entry#accepted()} may be called from any thread.
 */
final class PositionTracker {

    private final Map<Map<String, Object>, Partition> partitions = new HashMap<>();
    /** Records that have no position are independent of each other, but for strict order. */
    private final Partition unpositioned = new Partition(null);
    private Partition last;
    private int records;
    private long bytes;

    /** Takes a record in. Records of a partition come in the order of their positions. */
    Entry add(SourceRecord record) {
        Partition partition = partitionOf(record);
        Entry entry = new Entry(record, partition);
        partition.entries.addLast(entry);
        records++;
        bytes += record.size();
        return entry;
    }

    private Partition partitionOf(SourceRecord record) {
        if (!(record.progress() instanceof Position position)) {
            return unpositioned;
        }
        Partition partition = last;
        if (partition == null || !partition.key.equals(position.partition())) {
            partition = partitions.computeIfAbsent(position.partition(), Partition::new);
            last = partition;
        }
        return partition;
    }

    /** Records that were added and not yet collected. */
    int records() {
        return records;
    }

    /** The size of those records in bytes. */
    long bytes() {
        return bytes;
    }

    /** Takes out the accepted prefix of each partition. */
    void collect(Prefixes into) {
        partitions.values().removeIf(partition -> {
            collect(partition, into);
            return partition.entries.isEmpty() && partition != last;
        });
        collect(unpositioned, into);
    }

    private void collect(Partition partition, Prefixes into) {
        Progress end = null;
        for (Entry head = partition.entries.peekFirst(); head != null
                && head.isAccepted(); head = partition.entries.peekFirst()) {
            partition.entries.removeFirst();
            records--;
            bytes -= head.size;
            end = head.progress;
            into.add(head);
        }
        if (end instanceof Position position) {
            into.ends.put(partition.key, position);
        }
    }

    /** Whether records of any of these partitions were added and not yet collected. */
    boolean holds(Set<Map<String, Object>> keys) {
        for (Map<String, Object> key : keys) {
            Partition partition = partitions.get(key);
            if (partition != null && !partition.entries.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Forgets these partitions and what is under way of them: answers that come later change nothing.
     *
     * @param forgotten is added to: how many records there were
     */
    void forget(Set<Map<String, Object>> keys, Forgotten forgotten) {
        for (Map<String, Object> key : keys) {
            Partition partition = partitions.remove(key);
            if (partition == null) {
                continue;
            }
            for (Entry entry : partition.entries) {
                records--;
                bytes -= entry.size;
                forgotten.records++;
                forgotten.unaccepted += entry.forget() ? 1 : 0;
            }
            if (partition == last) {
                last = null;
            }
        }
    }

    /** How many records were forgotten. */
    static final class Forgotten {

        int records;
        /** Of those, the ones that the mesh had not accepted. */
        int unaccepted;
    }

    /** Gives the first record of each partition that isn't accepted. */
    void heads(Consumer<Entry> consumer) {
        partitions.values().forEach(partition -> head(partition, consumer));
        head(unpositioned, consumer);
    }

    private static void head(Partition partition, Consumer<Entry> consumer) {
        for (Entry entry : partition.entries) {
            if (!entry.isAccepted()) {
                consumer.accept(entry);
                return;
            }
        }
    }

    /**
     * Goes through what is finished, in the order of the records: accepted, or refused. In each partition it ends at the first
     * record that is neither; records without a position don't wait for each other.
     *
     * @param finished returns false to end at once
     */
    void finished(Predicate<Entry> finished) {
        for (Partition partition : partitions.values()) {
            for (Entry entry : partition.entries) {
                if (!entry.isAccepted() && !entry.isRefused()) {
                    break;
                }
                if (!finished.test(entry)) {
                    return;
                }
            }
        }
        for (Entry entry : unpositioned.entries) {
            if ((entry.isAccepted() || entry.isRefused()) && !finished.test(entry)) {
                return;
            }
        }
    }

    /** Gives all records that are still here and not accepted. */
    void unaccepted(Consumer<Entry> consumer) {
        Consumer<Entry> unless = entry -> {
            if (!entry.isAccepted()) {
                consumer.accept(entry);
            }
        };
        partitions.values().forEach(partition -> partition.entries.forEach(unless));
        unpositioned.entries.forEach(unless);
    }
}
