package dev.emc.testkit.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.PermanentException;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;

/** The sink under test, slowed down and watched. */
final class ProbeSink implements Sink {

    /** Sizes of the batches that were written. */
    final List<Integer> batches = new CopyOnWriteArrayList<>();
    /** Ids of events that fail for good, with the reason. */
    final Map<String, String> refused = new ConcurrentHashMap<>();
    volatile boolean closed;
    private final Sink sink;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile int freePuts;

    ProbeSink(Sink sink) {
        this.sink = sink;
    }

    /** Lets so many batches through; the next one waits. */
    void holdAfter(int batches) {
        freePuts = batches;
        gate = new CountDownLatch(1);
    }

    void release() {
        gate.countDown();
    }

    @Override
    public void start(SinkContext context) throws Exception {
        sink.start(context);
    }

    @Override
    public List<Failure> put(List<ConnectorRecord> batch) throws Exception {
        if (freePuts > 0) {
            freePuts--;
        } else {
            gate.await();
        }
        List<ConnectorRecord> good = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (ConnectorRecord record : batch) {
            String reason = refused.get(record.id());
            if (reason == null) {
                good.add(record);
            } else {
                failures.add(new Failure(record, new PermanentException(reason)));
            }
        }
        if (!good.isEmpty()) {
            failures.addAll(sink.put(good));
        }
        batches.add(batch.size());
        return failures;
    }

    @Override
    public boolean ordered() {
        return sink.ordered();
    }

    @Override
    public void idle() throws Exception {
        sink.idle();
    }

    @Override
    public List<ConfigProblem> validate() {
        return sink.validate();
    }

    @Override
    public List<Check> check() throws Exception {
        return sink.check();
    }

    @Override
    public void close() throws Exception {
        closed = true;
        sink.close();
    }
}
