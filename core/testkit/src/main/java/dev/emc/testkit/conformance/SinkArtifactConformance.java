package dev.emc.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorRecord;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.MeshWriter;

/**
 * What the packaged application of a sink has to do right. Its test is a subclass in {@code connectors/<name>} that makes the
 * driver of {@link SinkConformance}; its name ends in {@code IT}, because it runs once the application is packaged.
 */
public abstract class SinkArtifactConformance extends ArtifactConformance<SinkDriver<?>> {

    private void publish(int from, int to) throws Exception {
        publish(TOPIC, Samples.records(from, to));
    }

    private void publish(String topic, List<ConnectorRecord> records) throws Exception {
        try (MeshWriter writer = new MeshWriter(mesh.address(), topic)) {
            writer.publish(records);
        }
    }

    @Override
    void carries(EmcProcess process, String topic, List<ConnectorRecord> records) throws Exception {
        publish(topic, records);
        awaitFound(process, Samples.texts(records));
    }

    private List<String> found() throws Exception {
        return Samples.texts(driver.read(place));
    }

    private void awaitFound(EmcProcess process, int count) throws Exception {
        awaitFound(process, Samples.texts(0, count));
    }

    private void awaitFound(EmcProcess process, List<String> texts) throws Exception {
        await(process, texts.size() + " records are at the target", () -> found().containsAll(texts));
    }

    @Test
    void recordsArriveOnce() throws Exception {
        publish(0, 500);
        EmcProcess process = awaitReady(start());
        awaitFound(process, 500);
        assertDrains(process);
        assertEquals(Samples.texts(0, 500), found().stream().sorted().toList());
    }

    @Test
    void nothingIsLostByAKill() throws Exception {
        EmcProcess first = awaitReady(start("batch.max-records", "10"));
        publish(0, 2000);
        await(first, "something is at the target", () -> !found().isEmpty());
        first.kill();
        EmcProcess second = awaitReady(start());
        awaitFound(second, 2000);
        assertDrains(second);
    }
}
