package dev.emc.testkit;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.core.mesh.TcpMeshPublisher;

/** Publishes events for a sink to find. */
public final class MeshWriter implements AutoCloseable {

    /** Of those that are on their way, so many at once: the mesh takes no more without an answer. */
    private static final int WINDOW = 2000;

    private final String topic;
    private final TcpMeshPublisher publisher;

    /** @param address of the mesh, {@code host:port} */
    public MeshWriter(String address, String topic) throws Exception {
        this.topic = topic;
        this.publisher = new TcpMeshPublisher(MeshClients.settings(address, topic, "test"));
        publisher.open(Await.DEADLINE);
    }

    /**
     * Returns when the mesh has all of them.
     *
     * @param records each with at least id, source and type
     */
    public void publish(List<ConnectorRecord> records) throws Exception {
        for (int from = 0; from < records.size(); from += WINDOW) {
            publishAll(records.subList(from, Math.min(records.size(), from + WINDOW)));
        }
    }

    private void publishAll(List<ConnectorRecord> records) throws Exception {
        AtomicInteger open = new AtomicInteger(records.size());
        Queue<ConnectorRecord> again = new ConcurrentLinkedQueue<>(records);
        Await.until(() -> "the mesh takes the test's events; " + publisher.state(), Await.DEADLINE, () -> {
            for (ConnectorRecord record = again.poll(); record != null; record = again.poll()) {
                send(record, open, again);
            }
            publisher.flush();
            return open.get() == 0;
        });
    }

    private void send(ConnectorRecord record, AtomicInteger open, Queue<ConnectorRecord> again) {
        publisher.publish(record, topic, error -> {
            if (error == null) {
                open.decrementAndGet();
            } else if (error instanceof PermanentException) {
                throw new IllegalArgumentException("the test's own event is refused: " + error.getMessage());
            } else {
                again.add(record);
            }
        });
    }

    @Override
    public void close() {
        publisher.close();
    }
}
