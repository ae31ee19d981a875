package dev.emc.core.engine;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import dev.emc.api.Acknowledgement;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Position;
import dev.emc.api.Progress;
import dev.emc.api.SourceRecord;

/** A record under way. */
final class Entry {

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

    private static final AtomicIntegerFieldUpdater<Entry> STATE = AtomicIntegerFieldUpdater.newUpdater(Entry.class,
            "state");
    private static final int UNDER_WAY = 0;
    /** By the mesh; or nobody will ever send it. */
    private static final int ACCEPTED = 1;
    /** Its partition was given up before it was accepted. */
    private static final int FORGOTTEN = 2;

    /** Null when it is accepted and nobody needs it any more. */
    SourceRecord record;
    final Progress progress;
    /** Of the record, in bytes. */
    final int size;
    final Partition partition;
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

    Entry(SourceRecord record, Partition partition) {
        this.record = record;
        this.progress = record.progress();
        this.size = record.size();
        this.partition = partition;
    }

    /**
     * Marks the record as accepted by the mesh.
     *
     * @return false when that is of no importance any more: it was accepted before, or given up
     */
    boolean accepted() {
        if (!(progress instanceof Acknowledgement acknowledgement)) {
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
    boolean forget() {
        return STATE.compareAndSet(this, UNDER_WAY, FORGOTTEN);
    }

    /** Gives the record up: its sender, if it waits for an answer, is told. */
    void rejected(Exception reason) {
        if (progress instanceof Acknowledgement acknowledgement) {
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
        return progress instanceof Position position
                ? partition.id() + ":" + EventIds.part(position.offset())
                : null;
    }
}
