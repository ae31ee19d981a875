package dev.emc.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorRecord;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.WorkerStatus;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.wiring.ConnectorName;
import dev.emc.core.wiring.Registries;
import dev.emc.core.wiring.SourceWiring;
import dev.emc.testkit.Await;
import dev.emc.testkit.MeshReader;
import dev.emc.testkit.RunningWorker;

/**
 * What every source has to do right, against its real outside system. A source's test is a subclass that makes a driver:
 *
 * <pre>{@code
 * class FileSourceConformanceTest extends SourceConformance<FileSourceConfig> {
 *     protected FileSourceDriver driver() {
 *         return new FileSourceDriver();
 *     }
 * }
 * }</pre>
 *
 * @param <C> the source's configuration interface
 */
public abstract class SourceConformance<C> extends ConnectorConformance<C, SourceDriver<C>> {

    private ProbeSource probe;

    @Override
    final ConnectorWorker worker(Wiring.Configs<C> configs) throws Exception {
        probe = new ProbeSource(driver.create(configs.connector()));
        return new SourceWiring().worker(configs.worker(), probe, new Registries(configs.worker(), List.of()),
                new WorkerMetrics(driver.name()), new ConnectorName(driver.name()));
    }

    private MeshReader reader() throws Exception {
        return open(new MeshReader(mesh.address(), TOPIC));
    }

    private void write(int from, int to) throws Exception {
        driver.write(place, Samples.records(from, to));
    }

    private String text(ConnectorRecord event) {
        byte[] payload = driver.payload(event);
        return payload == null ? null : new String(payload, StandardCharsets.UTF_8);
    }

    private List<String> texts(List<ConnectorRecord> events) {
        return events.stream().map(this::text).toList();
    }

    private void awaitEvents(MeshReader reader, RunningWorker worker, int count) throws Exception {
        worker.await(count + " events come", () -> reader.count() >= count);
    }

    private void awaitAll(MeshReader reader, RunningWorker worker, int count) throws Exception {
        worker.await("all events come", () -> texts(reader.records()).containsAll(Samples.texts(0, count)));
    }

    /** Sends these through a worker without any disturbance; the events that come out. */
    private List<ConnectorRecord> through(List<ConnectorRecord> records) throws Exception {
        MeshReader reader = reader();
        RunningWorker worker = run();
        driver.write(place, records);
        awaitEvents(reader, worker, records.size());
        worker.drain();
        return reader.records();
    }

    private ConnectorRecord through(ConnectorRecord record) throws Exception {
        List<ConnectorRecord> events = through(List.of(record));
        assertEquals(1, events.size(), events::toString);
        return events.get(0);
    }

    @Override
    final void moveSome(int from, int to) throws Exception {
        try (MeshReader reader = new MeshReader(mesh.address(), TOPIC);
                RunningWorker worker = new RunningWorker(worker(configs(keys()))).awaitRunning()) {
            write(from, to);
            awaitEvents(reader, worker, to - from);
            worker.drain();
        }
    }

    @Override
    final boolean isEmpty() throws Exception {
        try (MeshReader reader = new MeshReader(mesh.address(), TOPIC);
                RunningWorker worker = new RunningWorker(worker(configs(keys()))).awaitRunning()) {
            return Await.always(Duration.ofMillis(200), () -> reader.count() == 0);
        }
    }

    private void assertOnce(int count, List<ConnectorRecord> events, boolean inOrder) {
        List<String> found = texts(events);
        assertEquals(Samples.texts(0, count), inOrder ? found : found.stream().sorted().toList());
    }

    @Test
    void everyRecordBecomesAnEventOnce() throws Exception {
        assertOnce(500, through(Samples.records(0, 500)), false);
    }

    @FeatureTest(Feature.ORDER)
    void eventsComeInOrder() throws Exception {
        assertOnce(500, through(Samples.records(0, 500)), true);
    }

    @Test
    void eachEventHasAnIdOfItsOwn() throws Exception {
        List<ConnectorRecord> events = through(Samples.records(0, 200));
        assertEquals(200, events.stream().map(ConnectorRecord::id).distinct().count());
    }

    @Test
    void eventsHaveSourceAndType() throws Exception {
        ConnectorRecord event = through(Samples.record(0));
        assertNotNull(event.attribute("source"));
        assertNotNull(event.attribute("type"));
    }

    @Test
    void recordsComeInBatches() throws Exception {
        through(Samples.records(0, 500));
        assertTrue(probe.polls.get() < 500 + 100, () -> probe.polls + " polls for 500 records");
    }

    @Test
    void unicodeArrivesAsItIs() throws Exception {
        assertEquals(Samples.UNICODE,
                text(through(Samples.event(1).text(Samples.UNICODE).contentType("text/plain").build())));
    }

    @FeatureTest(Feature.BINARY)
    void anyBytesArriveAsTheyAre() throws Exception {
        assertArrayEquals(Samples.binary(), driver.payload(
                through(Samples.event(1).data(Samples.binary()).contentType("application/octet-stream").build())));
    }

    @FeatureTest(Feature.EMPTY)
    void anEmptyPayloadArrives() throws Exception {
        assertArrayEquals(new byte[0],
                driver.payload(through(Samples.event(1).data(new byte[0]).contentType("text/plain").build())));
    }

    @FeatureTest(Feature.NO_PAYLOAD)
    void noPayloadArrivesAsNone() throws Exception {
        assertNull(driver.payload(through(Samples.event(1).build())));
    }

    @Test
    void aLongPayloadArrivesWhole() throws Exception {
        byte[] large = Samples.large(Math.min(1 << 20, driver.maxPayload()));
        assertEquals(new String(large, StandardCharsets.UTF_8),
                text(through(Samples.event(1).data(large).contentType("text/plain").build())));
    }

    @Test
    void attributesArrive() throws Exception {
        ConnectorRecord sent = Samples.decorated(1);
        assertKept(sent, through(sent));
    }

    @Test
    void aSlowMeshSlowsTheSource() throws Exception {
        MeshReader reader = reader();
        RunningWorker worker = run("in-flight.max-records", "100", "batch.max-records", "10");
        mesh.server().freeze();
        write(0, 2000);
        worker.await("it reads what it may", () -> worker.status().inFlight() >= 80);
        assertTrue(Await.always(Duration.ofMillis(200), () -> worker.status().inFlight() <= 100 && probe.polled.get() <= 100),
                () -> probe.polled + " records read; " + worker.status());
        mesh.server().thaw();
        awaitAll(reader, worker, 2000);
        worker.drain();
    }

    @Test
    void anIdleSourceDoesNotSpin() throws Exception {
        RunningWorker worker = run();
        Thread.sleep(200);
        int before = probe.polls.get();
        Thread.sleep(500);
        int polls = probe.polls.get() - before;
        assertTrue(polls < 60, () -> polls + " polls in half a second; " + worker.status());
    }

    @Test
    void nothingIsLostWhileTheSystemIsAway() throws Exception {
        MeshReader reader = reader();
        RunningWorker worker = run();
        write(0, 50);
        awaitEvents(reader, worker, 50);
        breakSystem();
        Thread.sleep(100);
        mendSystem();
        write(50, 100);
        awaitAll(reader, worker, 100);
        worker.drain();
        assertAtLeastOnce(Samples.texts(0, 100), texts(reader.records()));
    }

    @Test
    void nothingIsLostWhenTheMeshRestarts() throws Exception {
        useDurableMesh();
        MeshReader reader = reader();
        RunningWorker worker = run();
        write(0, 100);
        awaitEvents(reader, worker, 100);
        restartMesh();
        write(100, 200);
        awaitAll(reader, worker, 200);
        worker.drain();
        assertAtLeastOnce(Samples.texts(0, 200), texts(reader.records()));
    }

    @Test
    void nothingIsLostWhenTheWorkerDies() throws Exception {
        MeshReader reader = reader();
        RunningWorker first = run("in-flight.max-records", "20", "batch.max-records", "5");
        write(0, 300);
        awaitEvents(reader, first, 20);
        first.abort();
        RunningWorker second = run();
        awaitAll(reader, second, 300);
        second.drain();
        assertAtLeastOnce(Samples.texts(0, 300), texts(reader.records()));
    }

    @Test
    void aWorkerGoesOnWhereTheLastOneStopped() throws Exception {
        MeshReader reader = reader();
        RunningWorker first = run();
        write(0, 100);
        awaitEvents(reader, first, 100);
        first.drain();
        write(100, 200);
        RunningWorker second = run();
        awaitEvents(reader, second, 200);
        second.drain();
        assertOnce(200, reader.records(), can(Feature.ORDER));
    }

    @Test
    void drainingEndsInTimeAndLosesNothing() throws Exception {
        MeshReader reader = reader();
        RunningWorker first = run("shutdown.timeout", "500ms");
        write(0, 50);
        awaitEvents(reader, first, 50);
        mesh.server().freeze();
        write(50, 100);
        first.await("it reads on", () -> first.status().received() > 50);
        Duration took = first.timedDrain();
        assertTrue(took.toMillis() < 5000, () -> "draining took " + took);
        mesh.server().thaw();
        RunningWorker second = run();
        awaitAll(reader, second, 100);
        second.drain();
        assertAtLeastOnce(Samples.texts(0, 100), texts(reader.records()));
    }

    @Test
    void everyRecordIsCommittedOnceItIsSafe() throws Exception {
        through(Samples.records(0, 100));
        assertEquals(100, probe.polled.get());
        assertEquals(probe.positioned.get(), probe.committed.get());
    }

    @FeatureTest(Feature.REPLAY)
    void aReplayHasTheSameIds() throws Exception {
        MeshReader reader = reader();
        Path registry = work.resolve("registry");
        Path half = work.resolve("half");
        RunningWorker first = run();
        write(0, 50);
        awaitEvents(reader, first, 50);
        first.drain();
        copy(registry, half);
        write(50, 100);
        RunningWorker second = run();
        awaitEvents(reader, second, 100);
        second.drain();
        Map<String, String> ids = idsByText(reader.records());
        assertReplays(half, 50, ids, reader);
        assertReplays(work.resolve("none"), 100, ids, reader);
    }

    /** A worker with this registry sends so many events again, each with the id that it had before. */
    private void assertReplays(Path registry, int count, Map<String, String> ids, MeshReader reader) throws Exception {
        reader.clear();
        RunningWorker worker = run("registry.path", registry.toString());
        awaitEvents(reader, worker, count);
        worker.drain();
        List<ConnectorRecord> events = reader.records();
        assertEquals(count, events.size(), "replayed from " + registry.getFileName());
        events.forEach(event -> assertEquals(ids.get(text(event)), event.id(), () -> "the id of " + text(event)));
    }

    private Map<String, String> idsByText(List<ConnectorRecord> events) {
        Map<String, String> ids = new HashMap<>();
        events.forEach(event -> ids.put(text(event), event.id()));
        return ids;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    @FeatureTest(Feature.UNREADABLE)
    void whatIsNoRecordBecomesADeadLetterAndTheOthersArrive() throws Exception {
        MeshReader reader = reader();
        RunningWorker worker = run();
        write(0, 25);
        driver.writePoison(place);
        write(25, 50);
        worker.await("the bad one is a dead letter", () -> worker.status().dead() == 1);
        awaitEvents(reader, worker, 50);
        worker.drain();
        assertOnce(50, reader.records(), false);
        assertEquals(1, deadLetters().size(), () -> worker.status().toString());
    }

    @Test
    void aRecordThatIsTooLongForTheMeshBecomesADeadLetterAndTheOthersArrive() throws Exception {
        MeshReader reader = reader();
        RunningWorker worker = run("mesh.max-event-size", "4K");
        write(0, 25);
        driver.write(place, List.of(Samples.event(1000).data(Samples.large(8000)).contentType("text/plain").build()));
        write(25, 50);
        worker.await("the long one is a dead letter", () -> worker.status().dead() == 1);
        awaitEvents(reader, worker, 50);
        WorkerStatus end = worker.drain();
        assertEquals(51, end.received(), end::toString);
        assertOnce(50, reader.records(), false);
        assertEquals(1, deadLetters().size(), end::toString);
    }
}
