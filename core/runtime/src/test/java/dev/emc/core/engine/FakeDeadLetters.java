package dev.emc.core.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.emc.api.ConnectorException;

/** Keeps dead letters in memory; each test says when that fails. */
final class FakeDeadLetters implements DeadLetters {

    private final List<DeadLetter> kept = new ArrayList<>();
    final Queue<ConnectorException> failures = new ConcurrentLinkedQueue<>();
    volatile ConnectorException refusal;
    volatile Runnable beforeKeep = () -> {};
    volatile int opens;
    volatile int closes;
    volatile int keeps;

    @Override
    public void open(Duration deadline) throws ConnectorException {
        opens++;
        if (refusal != null) {
            throw refusal;
        }
    }

    @Override
    public void keep(List<DeadLetter> letters) throws ConnectorException {
        keeps++;
        beforeKeep.run();
        ConnectorException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
        synchronized (this) {
            kept.addAll(letters);
        }
    }

    @Override
    public String place() {
        return "memory";
    }

    @Override
    public void close() {
        closes++;
    }

    synchronized List<DeadLetter> kept() {
        return new ArrayList<>(kept);
    }

    /** The ids of the records that were kept. */
    List<String> ids() {
        return kept().stream().map(letter -> letter.record() == null ? "unreadable" : letter.record().id()).toList();
    }
}
