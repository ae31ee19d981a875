package dev.emc.testkit;

import java.util.ArrayList;
import java.util.List;

import dev.emc.api.ConnectorRecord;
import dev.emc.core.engine.MeshSubscriber;
import dev.emc.core.mesh.TcpMeshSubscriber;

/** Collects the events that a source has published. */
public final class MeshReader implements AutoCloseable, MeshSubscriber.Receiver {

    private final TcpMeshSubscriber subscriber;
    private final List<ConnectorRecord> records = new ArrayList<>();

    /** @param address of the mesh, {@code host:port} */
    public MeshReader(String address, String topic) throws Exception {
        subscriber = new TcpMeshSubscriber(MeshClients.settings(address, topic, "test"));
        subscriber.open(this, Await.DEADLINE);
    }

    @Override
    public synchronized void received(MeshSubscriber.Delivery delivery) {
        records.add(delivery.record());
        delivery.acknowledge();
    }

    @Override
    public void unreadable(String problem, byte[] body, Runnable acknowledge) {
        throw new IllegalStateException("the source has published what is no event: " + problem);
    }

    /** What has come so far, in this order, with whatever came twice. */
    public synchronized List<ConnectorRecord> records() {
        return new ArrayList<>(records);
    }

    /** How many have come. */
    public synchronized int count() {
        return records.size();
    }

    /** Forgets what has come. */
    public synchronized void clear() {
        records.clear();
    }

    @Override
    public void close() {
        subscriber.close();
    }
}
