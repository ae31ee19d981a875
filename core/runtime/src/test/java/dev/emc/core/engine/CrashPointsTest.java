package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;
import dev.emc.core.observe.WorkerMetrics;

/** The process dies at each single step of the delivery rules, is started again, and nothing is missing. */
class CrashPointsTest {

    private static final int RECORDS = 20;
    private static final List<String> PARTITIONS = List.of("a", "b");

    private final World world = new World();
    private final Settings settings = new Settings();
    private WorkerMetrics metrics;

    @BeforeEach
    void retryAtOnce() {
        settings.retryMaxDelay = settings.retryInitialDelay;
    }

    // what survives a crash: the mesh, the registry, the outside system
    private final Set<String> accepted = new TreeSet<>();
    private final Map<Map<String, Object>, Position> saved = new HashMap<>();
    private final Set<String> committed = new TreeSet<>();
    private final Map<String, ConnectorRecord> unacknowledged = new LinkedHashMap<>();
    private final Set<String> target = new TreeSet<>();
    private final Set<String> kept = Collections.synchronizedSet(new TreeSet<>());

    /** Each so-many-th record can never be delivered; 0: none is bad. */
    private int bad;
    /** What is outside fails at random; null: it doesn't. */
    private Random chaos;

    private boolean isBad(String id) {
        return bad > 0 && Integer.parseInt(id.substring(id.indexOf(':') + 1)) % bad == 0;
    }

    private void mayFail(String what) throws RetryableException {
        if (chaos != null) {
            synchronized (chaos) {
                if (chaos.nextInt(6) == 0) {
                    throw new RetryableException(what + " is busy");
                }
            }
        }
    }

    /** Keeps dead letters through a crash. */
    private final class StepDeadLetters implements DeadLetters {

        @Override
        public void open(Duration deadline) {}

        @Override
        public void keep(List<DeadLetter> letters) throws RetryableException {
            world.step();
            mayFail("the disk");
            for (DeadLetter letter : letters) {
                world.check(isBad(letter.record().id()), "a good record became a dead letter: " + letter.record().id());
                kept.add(letter.record().id());
                world.step();
            }
            mayFail("the disk");
        }

        @Override
        public String place() {
            return "memory";
        }

        @Override
        public void close() {}
    }

    private long savedOffset(String partition) {
        Position position = saved.get(Map.of("p", (Object) partition));
        return position == null ? 0 : (Long) position.offset().get("n");
    }

    private final class StepSource implements Source {

        private final Map<String, Long> next = new HashMap<>();

        @Override
        public void start(SourceContext context) {
            for (String partition : PARTITIONS) {
                next.put(partition, context.position(Map.of("p", partition))
                        .map(position -> (Long) position.offset().get("n")).orElse(0L) + 1);
            }
        }

        @Override
        public List<SourceRecord> poll(int max, Duration wait) throws RetryableException {
            world.step();
            mayFail("the source");
            List<SourceRecord> records = new ArrayList<>();
            for (String partition : PARTITIONS) {
                for (int i = 0; i < 3 && next.get(partition) <= RECORDS && records.size() < max; i++) {
                    records.add(FakeSource.record(partition, next.merge(partition, 1L, Long::sum) - 1));
                }
            }
            return records;
        }

        @Override
        public void commit(List<SourceRecord> records) throws RetryableException {
            world.step();
            mayFail("the source");
            for (SourceRecord record : records) {
                Position position = (Position) record.progress();
                String partition = (String) position.partition().get("p");
                long n = (Long) position.offset().get("n");
                world.check(savedOffset(partition) >= n, "committed before its position was durable: " + position);
                committed.add(FakeSource.id(partition, n));
                world.step();
            }
        }

        @Override
        public boolean exhausted() {
            return next.values().stream().allMatch(n -> n > RECORDS);
        }

        @Override
        public void close() {
            world.step();
        }
    }

    private final class StepRegistry implements Registry {

        @Override
        public boolean held() {
            return true;
        }

        @Override
        public Collection<Position> open(String worker) {
            return List.copyOf(saved.values());
        }

        @Override
        public void save(Collection<Position> positions) throws RetryableException {
            world.step();
            mayFail("the registry");
            for (Position position : positions) {
                String partition = (String) position.partition().get("p");
                for (long n = 1; n <= (Long) position.offset().get("n"); n++) {
                    world.check(isAccepted(FakeSource.id(partition, n)),
                            "saved " + position + " before the mesh had accepted " + n);
                }
            }
            positions.forEach(position -> saved.put(position.partition(), position));
            world.step();
        }

        @Override
        public void close() {
            world.step();
        }
    }

    private boolean isAccepted(String id) {
        synchronized (accepted) {
            return accepted.contains(id) || kept.contains(id);
        }
    }

    /** Accepts what was sent in any order, some of it only at the second attempt. */
    private final class StepPublisher implements MeshPublisher {

        private record Sent(String id, Consumer<Exception> done) {}

        private final List<Sent> sent = new ArrayList<>();
        private final Random random;
        private final Thread network = new Thread(this::answer, "network");
        private boolean closed;

        StepPublisher(int seed) {
            random = new Random(seed);
        }

        @Override
        public void open(Duration deadline) {
            network.setDaemon(true);
            network.start();
        }

        @Override
        public void publish(ConnectorRecord record, String topic, Consumer<Exception> done) {
            world.step();
            synchronized (this) {
                sent.add(new Sent(record.id(), done));
            }
        }

        @Override
        public synchronized void flush() {
            notifyAll();
        }

        private void answer() {
            try {
                while (true) {
                    List<Sent> now;
                    synchronized (this) {
                        while (sent.isEmpty() && !closed) {
                            wait();
                        }
                        if (closed) {
                            return;
                        }
                        now = new ArrayList<>(sent);
                        sent.clear();
                    }
                    Collections.shuffle(now, random);
                    for (Sent one : now) {
                        world.step();
                        if (random.nextInt(8) == 0) {
                            one.done().accept(FakePublisher.lost());
                            continue;
                        }
                        if (isBad(one.id())) {
                            one.done().accept(new PermanentException("it is too long"));
                            continue;
                        }
                        synchronized (accepted) {
                            accepted.add(one.id());
                        }
                        world.step();
                        one.done().accept(null);
                    }
                }
            } catch (InterruptedException | World.Crash end) {
                // the process is dead
            }
        }

        @Override
        public MeshState state() {
            return new MeshState(true, "connected");
        }

        @Override
        public synchronized void close() {
            closed = true;
            notifyAll();
        }
    }

    /** Runs a worker until it ends, dies at this step, or has done all there is to do; returns whether it died. */
    private boolean run(int crashAt, ConnectorWorker worker, BooleanSupplier allDone) {
        world.restart(crashAt, worker::abort);
        WorkerMetrics counts = metrics;
        Running running = new Running(worker);
        Await.until(() -> running.ended() || allDone.getAsBoolean());
        worker.drain();
        running.outcome();
        world.rethrow();
        if (!world.died()) {
            assertEquals(counts.received(),
                    counts.delivered() + counts.dead() + counts.dropped() + worker.status().inFlight(), "the counts add up");
        }
        return world.died();
    }

    private SourceWorker source(int seed) {
        metrics = new WorkerMetrics("test");
        settings.registryInterval = Duration.ofMillis(1);
        settings.inFlightMaxRecords = 12;
        return new SourceWorker("w", new StepSource(), new StepPublisher(seed), new StepRegistry(), Processing.NONE,
                new StepDeadLetters(), settings.build(), metrics);
    }

    private void aSourceSurvivesEachStep() {
        int crashAt = 1;
        boolean died = true;
        while (died) {
            accepted.clear();
            kept.clear();
            saved.clear();
            committed.clear();
            died = run(crashAt, source(crashAt), () -> false);
            assertTrue(!run(0, source(crashAt), () -> false));
            nothingOfTheSourceIsMissing("after a crash at step " + crashAt);
            crashAt++;
        }
        assertTrue(crashAt > 150, "only " + crashAt + " steps");
        Set<String> finished = new TreeSet<>(accepted);
        finished.addAll(kept);
        assertEquals(finished, committed, "without a crash everything is committed");
    }

    private void nothingOfTheSourceIsMissing(String when) {
        for (String partition : PARTITIONS) {
            for (int n = 1; n <= RECORDS; n++) {
                String id = FakeSource.id(partition, n);
                assertTrue((isBad(id) ? kept : accepted).contains(id), id + " is missing " + when);
            }
            assertEquals(RECORDS, savedOffset(partition), when);
        }
    }

    @Test
    void aSourceWithDeadLettersLosesNothingWhereverItDies() {
        bad = 4;
        aSourceSurvivesEachStep();
    }

    @Test
    void aSourceLosesNothingThroughFailuresAndKillsAtRandom() {
        bad = 4;
        for (int seed = 0; seed < 60; seed++) {
            chaos = new Random(seed);
            Random kills = new Random(seed);
            settings.strict = seed % 3 == 0;
            accepted.clear();
            kept.clear();
            saved.clear();
            while (run(1 + kills.nextInt(200), source(seed), () -> false)) {
                // until it comes through
            }
            nothingOfTheSourceIsMissing("with seed " + seed);
        }
    }

    @Test
    void aSourceLosesNothingWhereverItDies() {
        aSourceSurvivesEachStep();
    }

    @Test
    void aSourceWithStrictOrderLosesNothingWhereverItDies() {
        settings.strict = true;
        aSourceSurvivesEachStep();
    }

    private final class StepSink implements Sink {

        private final Random random;

        StepSink(int seed) {
            random = new Random(seed);
        }

        @Override
        public void start(SinkContext context) {}

        @Override
        public List<Failure> put(List<ConnectorRecord> batch) throws ConnectorException {
            world.step();
            mayFail("the target");
            if (chaos != null && batch.stream().anyMatch(record -> isBad(record.id())) && random.nextBoolean()) {
                throw new PermanentException("one of them is bad");
            }
            List<Failure> failures = new ArrayList<>();
            for (ConnectorRecord record : batch) {
                if (isBad(record.id())) {
                    failures.add(new Failure(record, new PermanentException("it is bad")));
                } else if (random.nextInt(8) == 0) {
                    failures.add(new Failure(record, FakePublisher.lost()));
                } else {
                    synchronized (target) {
                        target.add(record.id());
                    }
                }
                world.step();
            }
            if (random.nextInt(8) == 0) {
                throw new IllegalStateException("odd");
            }
            return failures;
        }

        @Override
        public void close() {
            world.step();
        }
    }

    /** Delivers what isn't acknowledged, from the start. */
    private final class StepSubscriber implements MeshSubscriber {

        private volatile boolean stopped;

        @Override
        public void open(Receiver receiver, Duration deadline) {
            List<ConnectorRecord> records;
            synchronized (unacknowledged) {
                records = List.copyOf(unacknowledged.values());
            }
            Thread network = new Thread(() -> {
                for (ConnectorRecord record : records) {
                    if (!stopped) {
                        receiver.received(delivery(record));
                    }
                }
            }, "network");
            network.setDaemon(true);
            network.start();
        }

        private Delivery delivery(ConnectorRecord record) {
            return new Delivery() {
                @Override
                public ConnectorRecord record() {
                    return record;
                }

                @Override
                public void acknowledge() {
                    world.step();
                    synchronized (target) {
                        world.check(target.contains(record.id()) || kept.contains(record.id()),
                                "acknowledged before it was written or kept: " + record.id());
                    }
                    synchronized (unacknowledged) {
                        unacknowledged.remove(record.id());
                    }
                    world.step();
                }

                @Override
                public Runnable acknowledgement() {
                    return this::acknowledge;
                }
            };
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void stopIntake() {
            stopped = true;
        }

        @Override
        public MeshState state() {
            return new MeshState(true, "connected");
        }

        @Override
        public void close() {
            stopped = true;
        }
    }

    private static final List<String> IDS = IntStream.rangeClosed(1, RECORDS).mapToObj(Integer::toString).toList();

    private void newEvents() {
        target.clear();
        kept.clear();
        unacknowledged.clear();
        IDS.forEach(id -> unacknowledged.put(id, FakeSubscriber.record(id)));
    }

    private void nothingOfTheMeshIsMissing(String when) {
        assertEquals(IDS.stream().filter(id -> !isBad(id)).collect(Collectors.toSet()), target, when);
        assertEquals(IDS.stream().filter(this::isBad).collect(Collectors.toSet()), kept, when);
        assertEquals(Set.of(), unacknowledged.keySet(), when);
    }

    private void aSinkSurvivesEachStep() {
        settings.batchMaxRecords = 6;
        int crashAt = 1;
        boolean died = true;
        while (died) {
            newEvents();
            died = run(crashAt, sink(crashAt), this::allAcknowledged);
            assertTrue(!run(0, sink(crashAt), this::allAcknowledged));
            nothingOfTheMeshIsMissing("after a crash at step " + crashAt);
            crashAt++;
        }
        assertTrue(crashAt > 60, "only " + crashAt + " steps");
    }

    @Test
    void aSinkLosesNothingWhereverItDies() {
        aSinkSurvivesEachStep();
    }

    @Test
    void aSinkWithDeadLettersLosesNothingWhereverItDies() {
        bad = 4;
        aSinkSurvivesEachStep();
    }

    @Test
    void aSinkLosesNothingThroughFailuresAndKillsAtRandom() {
        bad = 4;
        for (int seed = 0; seed < 60; seed++) {
            chaos = new Random(seed);
            Random kills = new Random(seed);
            settings.batchMaxRecords = 1 + kills.nextInt(10);
            newEvents();
            while (run(1 + kills.nextInt(100), sink(seed), this::allAcknowledged) || !allAcknowledged()) {
                // until it comes through
            }
            nothingOfTheMeshIsMissing("with seed " + seed);
        }
    }

    private boolean allAcknowledged() {
        synchronized (unacknowledged) {
            return unacknowledged.isEmpty();
        }
    }

    private SinkWorker sink(int seed) {
        metrics = new WorkerMetrics("test");
        return new SinkWorker("w", new StepSink(seed), new StepSubscriber(), Processing.NONE, new StepDeadLetters(),
                settings.build(), metrics);
    }
}
