package dev.emc.core.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.emc.api.Acknowledgement;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Position;
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
        SourceRecord end = null;
        for (Entry head = partition.entries.peekFirst(); head != null
                && head.isAccepted(); head = partition.entries.peekFirst()) {
            partition.entries.removeFirst();
            records--;
            bytes -= head.record.size();
            end = head.record;
            into.add(head);
        }
        if (end != null && end.progress() instanceof Position position) {
            into.ends.put(partition.key, position);
        }
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

    /** What has been collected and not yet been saved and committed. */
    static final class Prefixes {

        /** The newest position of each partition. */
        final Map<Map<String, Object>, Position> ends = new HashMap<>();
        /** Records with a position, in order within a partition. */
        final List<SourceRecord> records = new ArrayList<>();
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

        private void add(Entry entry) {
            count++;
            bytes += entry.record.size();
            if (entry.record.progress() instanceof Position) {
                records.add(entry.record);
            }
            Fate fate = entry.fate();
            if (fate == null) {
                counted += entry.counted ? 1 : 0;
                return;
            }
            switch (fate) {
                case FILTERED -> filtered++;
                case DEAD -> dead++;
                case DROPPED -> dropped++;
            }
        }

        /** How many the mesh has got. */
        int delivered() {
            return count - filtered - dead - dropped;
        }

        void clear() {
            ends.clear();
            records.clear();
            count = 0;
            filtered = 0;
            dead = 0;
            dropped = 0;
            counted = 0;
            bytes = 0;
        }
    }

    /** A stream of the source, with what is under way in the order in which it was read. */
    private static final class Partition {

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

    /** What became of a record that the mesh doesn't get. */
    enum Fate {
        FILTERED, DEAD, DROPPED
    }

    /** What is not as usual with a record. The worker's thread only. */
    static final class Trouble {

        /** How often the mesh has not taken it. */
        int attempts;
        /** Why it can never be sent; null when it can. */
        Exception refusal;
        /** The refused record; null until it is its turn. */
        DeadLetter letter;
        Fate fate;
    }

    /** A record under way. */
    static final class Entry {

        final SourceRecord record;
        private final Partition partition;
        /** By the mesh; or nobody will ever send it. */
        private volatile boolean accepted;
        /** Whether the sender has its answer. */
        private boolean settled;
        /** What goes to the mesh. */
        ConnectorRecord outgoing;
        /** Null as long as all goes well; the worker's thread only, as all below. */
        Trouble trouble;
        /** Whether it is the outbox's to send it, once or again. */
        boolean sent;
        /** Whether it counts as delivered already. */
        boolean counted;
        /** When the batch was sent, of its last record; 0 otherwise. */
        long sentAt;

        private Entry(SourceRecord record, Partition partition) {
            this.record = record;
            this.partition = partition;
        }

        /** Marks the record as accepted by the mesh. */
        void accepted() {
            if (record.progress() instanceof Acknowledgement acknowledgement) {
                synchronized (this) {
                    if (settled) {
                        return;
                    }
                    settled = true;
                }
                try {
                    acknowledgement.accepted();
                } finally {
                    accepted = true;
                }
            } else {
                accepted = true;
            }
        }

        /** Gives the record up: its sender, if it waits for an answer, is told. */
        void rejected(Exception reason) {
            if (record.progress() instanceof Acknowledgement acknowledgement) {
                synchronized (this) {
                    if (settled) {
                        return;
                    }
                    settled = true;
                }
                acknowledgement.rejected(reason);
            }
        }

        Trouble trouble() {
            if (trouble == null) {
                trouble = new Trouble();
            }
            return trouble;
        }

        /** Why the mesh didn't get it although it is accepted; null when it did. */
        Fate fate() {
            return trouble == null ? null : trouble.fate;
        }

        /** The record can never be sent. */
        void refuse(Exception reason) {
            trouble().refusal = reason;
        }

        boolean isRefused() {
            return trouble != null && trouble.refusal != null;
        }

        boolean isAccepted() {
            return accepted;
        }

        /** An event id that is the same each time the record is read; null when the record has no position. */
        String stableId() {
            return record.progress() instanceof Position position
                    ? partition.id() + ":" + EventIds.part(position.offset())
                    : null;
        }
    }
}
