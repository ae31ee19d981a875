package dev.emc.core.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;

/** A sink that keeps what it is given; each test says how puts end. */
final class FakeSink implements Sink {

    /** Decides how a put ends; what it names as failures is not written. */
    interface Put {

        List<Failure> of(List<ConnectorRecord> batch) throws Exception;
    }

    private final List<String> written = new ArrayList<>();
    final List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
    final Queue<Exception> startFailures = new ConcurrentLinkedQueue<>();
    final Set<Thread> threads = Collections.synchronizedSet(new LinkedHashSet<>());
    volatile Put put = batch -> List.of();
    volatile boolean ordered;
    volatile int idles;
    volatile Exception idleFailure;
    volatile List<ConfigProblem> problems = List.of();
    volatile int starts;
    volatile Runnable closing = () -> {};
    volatile int closes;

    @Override
    public List<ConfigProblem> validate() {
        return problems;
    }

    @Override
    public void start(SinkContext context) throws Exception {
        threads.add(Thread.currentThread());
        starts++;
        Exception failure = startFailures.poll();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public List<Failure> put(List<ConnectorRecord> batch) throws Exception {
        threads.add(Thread.currentThread());
        batches.add(batch.stream().map(ConnectorRecord::id).toList());
        List<Failure> failures = put.of(batch);
        if (failures == null) {
            return null;
        }
        List<ConnectorRecord> failed = failures.stream().map(Failure::record).toList();
        synchronized (this) {
            batch.stream().filter(record -> !failed.contains(record)).forEach(record -> written.add(record.id()));
        }
        return failures;
    }

    @Override
    public boolean ordered() {
        return ordered;
    }

    @Override
    public void idle() throws Exception {
        threads.add(Thread.currentThread());
        idles++;
        Exception failure = idleFailure;
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        threads.add(Thread.currentThread());
        closing.run();
        closes++;
    }

    synchronized List<String> written() {
        return new ArrayList<>(written);
    }
}
