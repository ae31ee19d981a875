package dev.emc.core.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.RetryableException;

/** A mesh that takes records; each test says how it answers. Answers come from a network thread. */
final class FakePublisher implements MeshPublisher {

    /** One attempt to send a record. */
    record Sent(ConnectorRecord record, String topic, int attempt, Consumer<Exception> done) {}

    /** Decides what happens with an attempt; on the network thread. */
    interface Answer {

        void to(Sent sent);
    }

    static final Answer ACCEPT = sent -> sent.done().accept(null);
    static final Answer SILENCE = sent -> {};

    private final ExecutorService network = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "network");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Sent> attempts = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final List<String> acceptedIds = new ArrayList<>();
    volatile Answer answer = ACCEPT;
    volatile MeshState state = new MeshState(true, "connected");
    volatile Exception refusal;
    volatile RuntimeException bug;
    volatile boolean sameThread;
    volatile boolean neverOpens;
    volatile boolean closed;
    int flushes;
    int unflushed;

    @Override
    public void open(Duration deadline) throws ConnectorException, InterruptedException {
        if (neverOpens) {
            Thread.sleep(60_000);
        }
        if (refusal instanceof ConnectorException error) {
            throw error;
        }
    }

    @Override
    public void publish(ConnectorRecord record, String topic, Consumer<Exception> done) {
        if (bug != null) {
            throw bug;
        }
        Sent sent;
        synchronized (this) {
            int attempt = counts.merge(record.id(), 1, Integer::sum);
            sent = new Sent(record, topic, attempt, error -> {
                if (error == null) {
                    synchronized (this) {
                        acceptedIds.add(record.id());
                    }
                }
                done.accept(error);
            });
            attempts.add(sent);
            unflushed++;
        }
        if (sameThread) {
            answer.to(sent);
        } else {
            network.execute(() -> answer.to(sent));
        }
    }

    @Override
    public synchronized void flush() {
        flushes++;
        unflushed = 0;
    }

    @Override
    public MeshState state() {
        return state;
    }

    @Override
    public void close() {
        closed = true;
        network.shutdown();
    }

    synchronized List<Sent> attempts() {
        return new ArrayList<>(attempts);
    }

    /** Ids in the order of the attempts to send them. */
    List<String> sentIds() {
        return attempts().stream().map(sent -> sent.record().id()).toList();
    }

    /** Ids in the order in which they were accepted. */
    synchronized List<String> acceptedIds() {
        return new ArrayList<>(acceptedIds);
    }

    static RetryableException lost() {
        return new RetryableException("no answer within 5s");
    }
}
