package dev.emc.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorRecord;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.WorkerStatus;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.wiring.ConnectorName;
import dev.emc.core.wiring.SinkWiring;
import dev.emc.testkit.Await;
import dev.emc.testkit.MeshWriter;
import dev.emc.testkit.RunningWorker;

/**
 * What every sink has to do right, against its real outside system. A sink's test is a subclass that makes a driver:
 *
 * <pre>{@code
 * class FileSinkConformanceTest extends SinkConformance<FileSinkConfig> {
 *     protected FileSinkDriver driver() {
 *         return new FileSinkDriver();
 *     }
 * }
 * }</pre>
 *
 * @param <C> the sink's configuration interface
 */
public abstract class SinkConformance<C> extends ConnectorConformance<C, SinkDriver<C>> {

    private ProbeSink probe;

    @Override
    final ConnectorWorker worker(Wiring.Configs<C> configs) throws Exception {
        probe = new ProbeSink(driver.create(configs.connector()));
        return worker(configs, probe);
    }

    private ConnectorWorker worker(Wiring.Configs<C> configs, ProbeSink sink) {
        return new SinkWiring().worker(configs.worker(), sink, new WorkerMetrics(driver.name()),
                new ConnectorName(driver.name()));
    }

    /** Starts a worker whose sink waits after so many batches. */
    private RunningWorker runHeld(int batches, String... more) throws Exception {
        Wiring.Configs<C> configs = configs(keys(more));
        probe = new ProbeSink(driver.create(configs.connector()));
        probe.holdAfter(batches);
        return open(new RunningWorker(worker(configs, probe))).awaitRunning();
    }

    private void publish(List<ConnectorRecord> records) throws Exception {
        try (MeshWriter writer = new MeshWriter(mesh.address(), TOPIC)) {
            writer.publish(records);
        }
    }

    private void publish(int from, int to) throws Exception {
        publish(Samples.records(from, to));
    }

    private List<String> found() throws Exception {
        return Samples.texts(driver.read(place));
    }

    private static void awaitDelivered(RunningWorker worker, long count) throws Exception {
        worker.await(count + " records are delivered", () -> worker.status().delivered() >= count);
    }

    /** Sends these through a worker without any disturbance; what is at the target then. */
    private List<ConnectorRecord> through(List<ConnectorRecord> records) throws Exception {
        publish(records);
        RunningWorker worker = run();
        awaitDelivered(worker, records.size());
        worker.drain();
        return driver.read(place);
    }

    private ConnectorRecord through(ConnectorRecord record) throws Exception {
        List<ConnectorRecord> found = through(List.of(record));
        assertEquals(1, found.size(), found::toString);
        return found.get(0);
    }

    @Override
    final void moveSome(int from, int to) throws Exception {
        publish(from, to);
        try (RunningWorker worker = new RunningWorker(worker(configs(keys())))) {
            awaitDelivered(worker, to - from);
            worker.drain();
        }
    }

    @Override
    final boolean isEmpty() throws Exception {
        return driver.read(place).isEmpty();
    }

    @Test
    void everyRecordArrivesOnce() throws Exception {
        assertSameTexts(Samples.texts(0, 500), through(Samples.records(0, 500)), false);
    }

    @FeatureTest(Feature.ORDER)
    void recordsArriveInOrder() throws Exception {
        assertSameTexts(Samples.texts(0, 500), through(Samples.records(0, 500)), true);
    }

    @Test
    void recordsAreWrittenInBatches() throws Exception {
        publish(0, 500);
        RunningWorker worker = run("batch.max-records", "100");
        awaitDelivered(worker, 500);
        worker.drain();
        assertTrue(probe.batches.stream().allMatch(size -> size <= 100), probe.batches::toString);
        assertTrue(probe.batches.stream().anyMatch(size -> size > 10), probe.batches::toString);
    }

    @Test
    void twoWorkersShareTheRecords() throws Exception {
        Map<String, String> other = driver.newPlace();
        RunningWorker one = run("name", "one", "mesh.group", "both");
        RunningWorker two = start(keysOf(other, "name", "two", "mesh.group", "both")).awaitRunning();
        publish(0, 500);
        Await.until("both together deliver all", () -> one.status().delivered() + two.status().delivered() >= 500);
        one.drain();
        two.drain();
        List<ConnectorRecord> all = new ArrayList<>(driver.read(place));
        all.addAll(driver.read(other));
        assertSameTexts(Samples.texts(0, 500), all, false);
    }

    @Test
    void unicodeArrivesAsItIs() throws Exception {
        assertEquals(Samples.UNICODE,
                through(Samples.event(1).text(Samples.UNICODE).contentType("text/plain").build()).text());
    }

    @FeatureTest(Feature.BINARY)
    void anyBytesArriveAsTheyAre() throws Exception {
        assertArrayEquals(Samples.binary(),
                through(Samples.event(1).data(Samples.binary()).contentType("application/octet-stream").build()).data());
    }

    @FeatureTest(Feature.EMPTY)
    void anEmptyPayloadArrives() throws Exception {
        assertArrayEquals(new byte[0], through(Samples.event(1).data(new byte[0]).contentType("text/plain").build()).data());
    }

    @FeatureTest(Feature.NO_PAYLOAD)
    void noPayloadArrivesAsNone() throws Exception {
        assertNull(through(Samples.event(1).build()).data());
    }

    @Test
    void aLongPayloadArrivesWhole() throws Exception {
        byte[] large = Samples.large(Math.min(1 << 20, driver.maxPayload()));
        assertEquals(new String(large, StandardCharsets.UTF_8),
                through(Samples.event(1).data(large).contentType("text/plain").build()).text());
    }

    @Test
    void attributesArrive() throws Exception {
        ConnectorRecord sent = Samples.decorated(1);
        assertKept(sent, through(sent));
    }

    @Test
    void anEventWithTheLeastAttributesArrives() throws Exception {
        ConnectorRecord sent = Samples.event(1).text("least").build();
        assertKept(sent, through(sent));
    }

    @FeatureTest(Feature.IDEMPOTENT)
    void aRecordThatComesTwiceIsThereOnce() throws Exception {
        moveSome(0, 20);
        moveSome(0, 20);
        assertSameTexts(Samples.texts(0, 20), driver.read(place), false);
    }

    @Test
    void aSlowTargetSlowsTheMesh() throws Exception {
        RunningWorker worker = runHeld(1, "in-flight.max-records", "100", "batch.max-records", "10");
        publish(0, 1500);
        worker.await("it takes in what it may", () -> worker.status().inFlight() >= 80);
        assertTrue(Await.always(Duration.ofMillis(200), () -> worker.status().inFlight() <= 100),
                () -> worker.status().toString());
        long waiting = mesh.server().stats().topic(TOPIC).group(driver.name()).pending();
        assertTrue(waiting > 1000, () -> "only " + waiting + " records wait at the mesh; " + worker.status());
        probe.release();
        awaitDelivered(worker, 1500);
        worker.drain();
        assertSameTexts(Samples.texts(0, 1500), driver.read(place), false);
    }

    @Test
    void nothingIsLostWhileTheSystemIsAway() throws Exception {
        RunningWorker worker = run();
        publish(0, 50);
        awaitDelivered(worker, 50);
        breakSystem();
        publish(50, 100);
        worker.await("it says that it is in trouble", () -> !worker.status().ready());
        assertSentence(worker.status().reason());
        mendSystem();
        awaitDelivered(worker, 100);
        worker.await("it is ready again", () -> worker.status().ready());
        WorkerStatus end = worker.drain();
        assertTrue(end.retries() > 0, end::toString);
        assertAtLeastOnce(Samples.texts(0, 100), found());
    }

    @Test
    void nothingIsLostWhenTheMeshRestarts() throws Exception {
        useDurableMesh();
        RunningWorker worker = runHeld(2, "batch.max-records", "10");
        publish(0, 200);
        worker.await("two batches are written", () -> probe.batches.size() == 2);
        restartMesh();
        probe.release();
        publish(200, 300);
        worker.await("all is at the target", () -> found().containsAll(Samples.texts(0, 300)));
        worker.drain();
        assertAtLeastOnce(Samples.texts(0, 300), found());
    }

    @Test
    void nothingIsLostWhenTheWorkerDies() throws Exception {
        RunningWorker first = runHeld(3, "batch.max-records", "10");
        publish(0, 200);
        first.await("three batches are written", () -> probe.batches.size() == 3);
        first.abort();
        RunningWorker second = run();
        second.await("all is at the target", () -> found().containsAll(Samples.texts(0, 200)));
        second.drain();
        assertAtLeastOnce(Samples.texts(0, 200), found());
    }

    @Test
    void drainingEndsInTimeAndLosesNothing() throws Exception {
        RunningWorker first = runHeld(3, "batch.max-records", "10", "shutdown.timeout", "500ms");
        publish(0, 200);
        first.await("three batches are written", () -> probe.batches.size() == 3);
        Duration took = first.timedDrain();
        assertTrue(took.toMillis() < 5000, () -> "draining took " + took);
        RunningWorker second = run();
        second.await("all is at the target", () -> found().containsAll(Samples.texts(0, 200)));
        second.drain();
        assertAtLeastOnce(Samples.texts(0, 200), found());
    }

    @Test
    void drainingFinishesWhatIsInFlight() throws Exception {
        RunningWorker worker = runHeld(1, "batch.max-records", "10");
        publish(0, 100);
        worker.await("all is taken in", () -> worker.status().received() == 100);
        probe.release();
        WorkerStatus end = worker.drain();
        assertEquals(100, end.delivered(), end::toString);
        assertSameTexts(Samples.texts(0, 100), driver.read(place), false);
    }

    @Test
    void aBadRecordBecomesADeadLetterAndTheOthersArrive() throws Exception {
        List<ConnectorRecord> records = new ArrayList<>(Samples.records(0, 50));
        ConnectorRecord bad = driver.poison(records.get(25)).orElse(records.get(25));
        records.set(25, bad);
        RunningWorker worker = run();
        if (driver.poison(bad).isEmpty()) {
            probe.refused.put(bad.id(), "the suite refuses this record");
        }
        publish(records);
        awaitDelivered(worker, 49);
        worker.await("the bad one is a dead letter", () -> worker.status().dead() == 1);
        WorkerStatus end = worker.drain();
        assertEquals(50, end.received(), end::toString);
        List<String> good = Samples.texts(0, 50).stream().filter(text -> !text.equals(Samples.text(25))).toList();
        assertSameTexts(good, driver.read(place), false);
        String letters = deadLetters().stream().collect(Collectors.joining("\n"));
        assertEquals(1, deadLetters().size(), letters);
        assertTrue(letters.contains("\"" + bad.id() + "\"") && letters.contains("\"message\""), letters);
    }
}
