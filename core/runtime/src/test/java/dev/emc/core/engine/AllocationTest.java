package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.Position;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;
import dev.emc.core.observe.WorkerMetrics;

/** Many records pass at little cost each. */
class AllocationTest {

    private static final int RECORDS = 200_000;
    private static final byte[] DATA = new byte[1024];

    private final WorkerMetrics metrics = new WorkerMetrics("test");
    private final Settings settings = new Settings();

    /** Bytes that a run has allocated on its thread, for each record. */
    private static long allocatedByRecord(ConnectorWorker worker) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Outcome outcome = worker.run();
        assertEquals(Outcome.OK, outcome.exitCode(), outcome::message);
        return (threads.getCurrentThreadAllocatedBytes() - before) / RECORDS;
    }

    private static final class NumberSource implements Source {

        private final Map<String, Object> partition = Map.of("file", "a");
        private final List<SourceRecord> prepared = new ArrayList<>(RECORDS);
        private int next;
        private int committed;

        NumberSource() {
            for (int i = 0; i < RECORDS; i++) {
                prepared.add(SourceRecord.at(new Position(partition, Map.of("n", i))).data(DATA)
                        .attribute("id", Integer.toString(i)).attribute("source", "s").attribute("type", "t").build());
            }
        }

        @Override
        public void start(SourceContext context) {}

        @Override
        public List<SourceRecord> poll(int max, Duration wait) {
            int end = Math.min(RECORDS, next + max);
            List<SourceRecord> records = prepared.subList(next, end);
            next = end;
            return records;
        }

        @Override
        public void commit(List<SourceRecord> accepted) {
            committed += accepted.size();
        }

        @Override
        public boolean exhausted() {
            return next == RECORDS;
        }

        @Override
        public void close() {}
    }

    /** Accepts at once, on the thread that sends. */
    private static final class InstantPublisher implements MeshPublisher {

        @Override
        public void open(Duration deadline) {}

        @Override
        public void publish(ConnectorRecord record, String topic, Consumer<Exception> done) {
            done.accept(null);
        }

        @Override
        public void flush() {}

        @Override
        public MeshState state() {
            return new MeshState(true, "connected");
        }

        @Override
        public void close() {}
    }

    private static final class NoRegistry implements Registry {

        @Override
        public boolean held() {
            return true;
        }

        @Override
        public Collection<Position> open(String worker) {
            return List.of();
        }

        @Override
        public void save(Collection<Position> positions) {}

        @Override
        public void close() {}
    }

    @Test
    void aSourceWorkerNeedsLittleMemoryForARecord() {
        NumberSource source = new NumberSource();
        long bytes = allocatedByRecord(new SourceWorker("w", source, new InstantPublisher(), new NoRegistry(),
                Processing.NONE, new FakeDeadLetters(), settings.build(), metrics));
        assertEquals(RECORDS, source.committed);
        assertTrue(bytes < 200, bytes + " bytes a record");
    }

    private static final class CountingSink implements Sink {

        private int written;

        @Override
        public void start(SinkContext context) {}

        @Override
        public List<Failure> put(List<ConnectorRecord> batch) {
            written += batch.size();
            return List.of();
        }

        @Override
        public void close() {}
    }

    /** Delivers as fast as the worker lets it. */
    private static final class FloodSubscriber implements MeshSubscriber {

        private final Object monitor = new Object();
        private boolean paused;
        private int acknowledged;

        private record Push(ConnectorRecord record, Runnable acknowledgement) implements Delivery {}

        @Override
        public void open(Receiver receiver, Duration deadline) {
            Thread network = new Thread(() -> {
                Runnable count = () -> acknowledged++;
                for (int i = 0; i < RECORDS; i++) {
                    synchronized (monitor) {
                        while (paused) {
                            try {
                                monitor.wait();
                            } catch (InterruptedException end) {
                                return;
                            }
                        }
                    }
                    receiver.received(new Push(FakeSubscriber.record(Integer.toString(i), DATA), count));
                }
            }, "network");
            network.setDaemon(true);
            network.start();
        }

        @Override
        public void pause() {
            synchronized (monitor) {
                paused = true;
            }
        }

        @Override
        public void resume() {
            synchronized (monitor) {
                paused = false;
                monitor.notifyAll();
            }
        }

        @Override
        public void stopIntake() {}

        @Override
        public MeshState state() {
            return new MeshState(true, "connected");
        }

        @Override
        public void close() {}
    }

    @Test
    void aSinkWorkerNeedsLittleMemoryForARecord() {
        settings.untilIdle = Duration.ofSeconds(1);
        CountingSink sink = new CountingSink();
        FloodSubscriber subscriber = new FloodSubscriber();
        long bytes = allocatedByRecord(new SinkWorker("w", sink, subscriber, Processing.NONE, new FakeDeadLetters(),
                settings.build(), metrics));
        assertEquals(RECORDS, sink.written);
        assertEquals(RECORDS, subscriber.acknowledged);
        assertTrue(bytes < 100, bytes + " bytes a record");
    }
}
