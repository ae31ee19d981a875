package dev.emc.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorRecord;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.MeshReader;

/**
 * What the packaged application of a source has to do right. Its test is a subclass in {@code connectors/<name>} that makes
 * the driver of {@link SourceConformance}; its name ends in {@code IT}, because it runs once the application is packaged.
 */
public abstract class SourceArtifactConformance extends ArtifactConformance<SourceDriver<?>> {

    private void write(int from, int to) throws Exception {
        driver.write(place, Samples.records(from, to));
    }

    @Override
    void carries(EmcProcess process, String topic, List<ConnectorRecord> records) throws Exception {
        MeshReader reader = open(new MeshReader(mesh.address(), topic));
        driver.write(place, records);
        List<String> texts = Samples.texts(records);
        await(process, texts.size() + " events come", () -> texts(reader).containsAll(texts));
    }

    private List<String> texts(MeshReader reader) {
        return reader.records().stream().map(event -> new String(driver.payload(event), StandardCharsets.UTF_8)).toList();
    }

    private void awaitEvents(EmcProcess process, MeshReader reader, int count) throws Exception {
        await(process, count + " events come", () -> Set.copyOf(texts(reader)).size() >= count);
    }

    @Test
    void eventsComeOnce() throws Exception {
        MeshReader reader = open(new MeshReader(mesh.address(), TOPIC));
        EmcProcess process = awaitReady(start());
        write(0, 500);
        awaitEvents(process, reader, 500);
        assertDrains(process);
        assertEquals(Samples.texts(0, 500), texts(reader).stream().sorted().toList());
    }

    @Test
    void nothingIsLostByAKill() throws Exception {
        MeshReader reader = open(new MeshReader(mesh.address(), TOPIC));
        EmcProcess first = awaitReady(start("in-flight.max-records", "20"));
        write(0, 2000);
        await(first, "something comes", () -> reader.count() > 0);
        first.kill();
        EmcProcess second = awaitReady(start());
        awaitEvents(second, reader, 2000);
        assertDrains(second);
        assertEquals(Set.copyOf(Samples.texts(0, 2000)), texts(reader).stream().collect(Collectors.toSet()));
    }

    @Test
    void aStoppedSourceGoesOnWhereItStood() throws Exception {
        MeshReader reader = open(new MeshReader(mesh.address(), TOPIC));
        EmcProcess first = awaitReady(start());
        write(0, 50);
        awaitEvents(first, reader, 50);
        assertDrains(first);
        write(50, 100);
        EmcProcess second = awaitReady(start());
        awaitEvents(second, reader, 100);
        assertDrains(second);
        assertEquals(Samples.texts(0, 100), texts(reader).stream().sorted().toList());
    }
}
