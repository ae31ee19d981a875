package dev.emc.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.MeshWriter;

/**
 * What the packaged application of a sink has to do right. Its test is a subclass in {@code connectors/<name>} that makes the
 * driver of {@link SinkConformance}; its name ends in {@code IT}, because it runs once the application is packaged.
 */
public abstract class SinkArtifactConformance extends ArtifactConformance<SinkDriver<?>> {

    @Override
    protected abstract SinkDriver<?> driver() throws Exception;

    private void publish(int from, int to) throws Exception {
        try (MeshWriter writer = new MeshWriter(mesh.address(), TOPIC)) {
            writer.publish(Samples.records(from, to));
        }
    }

    private List<String> found() throws Exception {
        return Samples.texts(driver.read(place));
    }

    private void awaitFound(EmcProcess process, int count) throws Exception {
        await(process, count + " records are at the target", () -> found().containsAll(Samples.texts(0, count)));
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
