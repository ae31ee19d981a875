package dev.emc.testkit.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.core.mesh.MeshSettings;
import dev.emc.core.mesh.TcpMeshPublisher;
import dev.emc.testkit.Await;

/** Publishes events for a sink to find. */
final class MeshWriter implements AutoCloseable {

    private final String topic;
    private final TcpMeshPublisher publisher;

    MeshWriter(String address, String topic) throws Exception {
        this.topic = topic;
        this.publisher = new TcpMeshPublisher(settings(address, topic, "suite"));
        publisher.open(Await.DEADLINE);
    }

    static MeshSettings settings(String address, String topic, String group) {
        int colon = address.lastIndexOf(':');
        return new MeshSettings(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)), group,
                List.of(topic), false, 1, 256, Duration.ofSeconds(5), 4 << 20, "PRD", "DEFAULT", "emc", null, null,
                Duration.ofSeconds(20));
    }

    /** Returns when the mesh has all of them. */
    void publish(List<ConnectorRecord> records) throws Exception {
        AtomicInteger open = new AtomicInteger(records.size());
        Queue<ConnectorRecord> again = new ConcurrentLinkedQueue<>(records);
        Await.until(() -> "the mesh takes the suite's events; " + publisher.state(), Await.DEADLINE, () -> {
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
                throw new IllegalArgumentException("the suite's own event is refused: " + error.getMessage());
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
