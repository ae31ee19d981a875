package dev.emc.testkit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;
import dev.emc.core.deadletters.FileDeadLetters;
import dev.emc.core.engine.DeadLetters;
import dev.emc.core.engine.Processing;
import dev.emc.core.engine.SinkWorker;
import dev.emc.core.engine.SourceWorker;
import dev.emc.core.engine.WorkerSettings;
import dev.emc.core.engine.WorkerStatus;
import dev.emc.core.mesh.MeshSettings;
import dev.emc.core.mesh.TcpMeshPublisher;
import dev.emc.core.mesh.TcpMeshSubscriber;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.registry.FileRegistry;
import dev.emc.meshserver.MeshServerConfig;
import dev.emc.testkit.CuttableProxy;
import dev.emc.testkit.EmbeddedMesh;
import dev.emc.testkit.MeshReader;
import dev.emc.testkit.MeshWriter;
import dev.emc.testkit.RunningWorker;

/** Whatever the network between worker and mesh does in the middle of a stream, nothing is lost and the counts add up. */
@Timeout(120)
class NetworkFaultsTest {

    private static final int RECORDS = 1500;
    private static final int DISTURBANCES = Integer.getInteger("emc.faults.disturbances", 1);
    /** Longer than an acknowledgement or some heartbeats may take here. */
    private static final int OUTAGE_MILLIS = 650;

    /** What a network can do. */
    enum Fault {
        CUT, RESET, BLACK_HOLE, HALF_OPEN, LOST_ANSWERS, STALL, SLOW;

        void strike(CuttableProxy proxy) throws IOException {
            switch (this) {
                case CUT -> proxy.cut();
                case RESET -> proxy.reset();
                case BLACK_HOLE -> proxy.blackHole();
                case HALF_OPEN -> proxy.strand();
                case LOST_ANSWERS -> proxy.loseAnswers();
                case STALL -> proxy.stall();
                case SLOW -> proxy.delay(Duration.ofMillis(20));
            }
        }

        /** Whether the worker has to connect anew. */
        boolean endsConnections() {
            return this != STALL && this != SLOW;
        }
    }

    @TempDir
    Path folder;

    private final EmbeddedMesh mesh = EmbeddedMesh.start(MeshServerConfig.builder().ackTimeout(Duration.ofSeconds(1)));
    private CuttableProxy proxy;

    @BeforeEach
    void proxy() throws Exception {
        proxy = CuttableProxy.to(mesh.address());
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        mesh.close();
    }

    private MeshSettings settings() {
        return new MeshSettings("127.0.0.1", proxy.port(), "faults", List.of(FaultyWorker.TOPIC), false, 1, 64,
                Duration.ofMillis(500), 1 << 20, "PRD", "DEFAULT", "emc", null, null, 1024, Duration.ofMillis(200));
    }

    private DeadLetters deadLetters() {
        return new FileDeadLetters(folder.resolve("dead-letters"), "faulty");
    }

    private static WorkerSettings workerSettings() {
        return new WorkerSettings("faulty", List.of(FaultyWorker.TOPIC), 25, 1 << 20, Duration.ZERO, 200, 1 << 20,
                Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofMillis(20), Duration.ofSeconds(20),
                Duration.ofSeconds(20), false, WorkerSettings.FOREVER, WorkerSettings.OnError.DEAD_LETTER, 0, 30,
                Double.POSITIVE_INFINITY, false, Optional.empty());
    }

    /** Disturbs the stream some times. */
    private void disturb(Fault fault, RunningWorker worker) throws Exception {
        for (int i = 1; i <= DISTURBANCES; i++) {
            long progress = (long) RECORDS * i / (DISTURBANCES + 2);
            worker.await(progress + " records are through", () -> worker.status().delivered() >= progress);
            fault.strike(proxy);
            Thread.sleep(OUTAGE_MILLIS);
            if (fault != Fault.HALF_OPEN) {
                proxy.mend();
            }
        }
        if (fault.endsConnections()) {
            worker.await("it has connected anew", () -> proxy.accepted() > DISTURBANCES);
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aSourceLosesNothing(Fault fault) throws Exception {
        NumberSource source = new NumberSource(RECORDS / NumberSource.PARTITIONS, folder.resolve("committed"), Killer.none());
        source.pause(Duration.ofMillis(5));
        try (MeshReader reader = new MeshReader(mesh.address(), FaultyWorker.TOPIC);
                RunningWorker worker = new RunningWorker(new SourceWorker("faulty", source, new TcpMeshPublisher(settings()),
                        new FileRegistry(folder.resolve("registry")), Processing.NONE, deadLetters(), workerSettings(),
                        new WorkerMetrics("faulty")))) {
            disturb(fault, worker);
            assertEquals(0, worker.awaitEnd().exitCode(), () -> worker.outcome().toString());
            WorkerStatus end = worker.status();
            assertEquals(RECORDS, end.received(), end::toString);
            assertEquals(RECORDS, end.delivered() + end.dead() + end.dropped(), end::toString);
            Set<String> texts = reader.records().stream().map(ConnectorRecord::text).collect(Collectors.toSet());
            assertEquals(end.delivered(), texts.size(), "events that came");
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aSinkLosesNothing(Fault fault) throws Exception {
        Set<String> sent = new HashSet<>();
        try (MeshWriter writer = new MeshWriter(mesh.address(), FaultyWorker.TOPIC)) {
            writer.publish(IntStream.range(0, RECORDS).mapToObj(SinkFaultRun::record).toList());
            IntStream.range(0, RECORDS).forEach(i -> sent.add(Integer.toString(i)));
        }
        SlowSink sink = new SlowSink();
        try (RunningWorker worker = new RunningWorker(new SinkWorker("faulty", sink, new TcpMeshSubscriber(settings()),
                Processing.NONE, deadLetters(), workerSettings(), new WorkerMetrics("faulty")))) {
            disturb(fault, worker);
            worker.await("all is at the target and acknowledged", () -> sink.written.containsAll(sent)
                    && mesh.server().stats().topic(FaultyWorker.TOPIC).group("faults").acknowledged() >= RECORDS);
            WorkerStatus end = worker.drain();
            assertEquals(end.received(), end.delivered() + end.dead() + end.dropped(), end::toString);
            assertTrue(end.delivered() >= RECORDS, end::toString);
        }
    }

    /** Takes its time for each batch, so that the network has the time to break. */
    private static final class SlowSink implements Sink {

        private final Set<String> written = ConcurrentHashMap.newKeySet();

        @Override
        public void start(SinkContext context) {}

        @Override
        public List<Failure> put(List<ConnectorRecord> batch) throws InterruptedException {
            Thread.sleep(5);
            batch.forEach(record -> written.add(record.text()));
            return List.of();
        }

        @Override
        public void close() {}
    }
}
