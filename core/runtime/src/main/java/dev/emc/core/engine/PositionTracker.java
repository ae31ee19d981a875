package dev.emc.core.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
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
                bytes -= entry.record.size();
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

    /** What has been collected and not yet been saved and committed. */
    static final class Prefixes {

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

        private void add(Entry entry) {
            count(entry, 1);
            if (entry.record.progress() instanceof Position) {
                entries.add(entry);
                // it may stay here for a while
                entry.outgoing = null;
            }
        }

        /** @param times 1 to add it, -1 to take it out */
        private void count(Entry entry, int times) {
            count += times;
            bytes += times * entry.record.size();
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
        /** How often the mesh cut the connection while it was under way; {@link Suspects} counts. */
        int cuts;
        int proofs;
        int weakProofs;
        /** Why it can never be sent; null when it can. */
        Exception refusal;
        /** The refused record; null until it is its turn. */
        DeadLetter letter;
        Fate fate;
    }

    /** A record under way. */
    static final class Entry {

        private static final AtomicIntegerFieldUpdater<Entry> STATE = AtomicIntegerFieldUpdater.newUpdater(Entry.class,
                "state");
        private static final int UNDER_WAY = 0;
        /** By the mesh; or nobody will ever send it. */
        private static final int ACCEPTED = 1;
        /** Its partition was given up before it was accepted. */
        private static final int FORGOTTEN = 2;

        final SourceRecord record;
        private final Partition partition;
        private volatile int state;
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

        /**
         * Marks the record as accepted by the mesh.
         *
         * @return false when that is of no importance any more: it was accepted before, or given up
         */
        boolean accepted() {
            if (!(record.progress() instanceof Acknowledgement acknowledgement)) {
                return STATE.compareAndSet(this, UNDER_WAY, ACCEPTED);
            }
            synchronized (this) {
                if (settled) {
                    return false;
                }
                settled = true;
            }
            try {
                acknowledgement.accepted();
            } finally {
                state = ACCEPTED;
            }
            return true;
        }

        /** Gives the record up, of which nobody waits for an answer; returns whether it was under way. */
        private boolean forget() {
            return STATE.compareAndSet(this, UNDER_WAY, FORGOTTEN);
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
            return state == ACCEPTED;
        }

        /** Whether its partition was given up before it was accepted: nothing is done for it any more. */
        boolean isForgotten() {
            return state == FORGOTTEN;
        }

        /** An event id that is the same each time the record is read; null when the record has no position. */
        String stableId() {
            return record.progress() instanceof Position position
                    ? partition.id() + ":" + EventIds.part(position.offset())
                    : null;
        }
    }
}
