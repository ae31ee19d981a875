package dev.emc.core.engine;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;

import dev.emc.api.ConnectorRecord;
import dev.emc.core.engine.MeshSubscriber.Delivery;

/**
 * What was received and not yet acknowledged. Two are equal when they are the same event, and no sender's careless ids
 * make one event of two.
 */
final class Received {

    /**
     * The mesh gives an event again after each loss of a connection, and an acknowledgement by a lost one has no effect: so the
     * old ones are of no use.
     */
    private static final int MOST_AGAIN = 8;

    /** Null when it could not be read. */
    private final Delivery delivery;
    /** Null until it is needed, when it could be read. */
    private Runnable acknowledgement;
    /** As it came; null when it could not be read. */
    final ConnectorRecord record;
    /** What came, when it could not be read; null otherwise. */
    final byte[] body;
    private final String id;
    private final String source;
    final int bytes;
    final long receivedAt;
    /** The newest ones that acknowledge the same event, delivered again meanwhile; without its data, which would add up. */
    private ArrayDeque<Runnable> again;

    /** What goes to the sink; the worker's thread only, as all below. */
    ConnectorRecord outgoing;
    /** Why it can't go to the sink; null when it can. */
    Exception problem;
    /** How often it has gone to the sink. */
    int attempts;
    /** Its place among those that had to wait for their turn; -1 when it never had to. */
    long parkedAs = -1;

    Received(Delivery delivery, long receivedAt) {
        this.delivery = delivery;
        this.record = delivery.record();
        this.body = null;
        this.id = record.id();
        this.source = record.attribute("source");
        this.bytes = record.size();
        this.receivedAt = receivedAt;
    }

    /** Something that is no event. */
    Received(byte[] body, Exception problem, Runnable acknowledgement, long receivedAt) {
        this.delivery = null;
        this.acknowledgement = acknowledgement;
        this.record = null;
        this.body = body;
        this.id = null;
        this.source = null;
        this.bytes = body.length + 256;
        this.receivedAt = receivedAt;
        this.problem = problem;
    }

    /** The mesh has delivered it once more. */
    void comesAgain(Received other) {
        Runnable once = other.acknowledgement();
        if (once.equals(acknowledgement())) {
            return;
        }
        if (again == null) {
            again = new ArrayDeque<>(2);
        } else if (again.contains(once)) {
            return;
        } else if (again.size() == MOST_AGAIN) {
            again.removeFirst();
        }
        again.addLast(once);
    }

    private Runnable acknowledgement() {
        if (acknowledgement == null) {
            acknowledgement = delivery.acknowledgement();
        }
        return acknowledgement;
    }

    /** Tells the mesh that it is safe, for each time that it came. */
    void acknowledge() {
        if (delivery != null) {
            delivery.acknowledge();
        } else {
            acknowledgement.run();
        }
        if (again != null) {
            again.forEach(Runnable::run);
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || id != null && other instanceof Received same && id.equals(same.id) && source != null
                        && source.equals(same.source) && Objects.equals(record.topic(), same.record.topic())
                        && Arrays.equals(record.data(), same.record.data());
    }

    @Override
    public int hashCode() {
        return id == null || source == null ? System.identityHashCode(this) : id.hashCode() * 31 + source.hashCode();
    }
}
