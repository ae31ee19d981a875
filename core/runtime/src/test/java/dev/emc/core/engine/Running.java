package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.TimeUnit;

/** A worker that runs on a thread of its own. */
final class Running implements AutoCloseable {

    final ConnectorWorker worker;
    final Thread thread;
    private volatile Outcome outcome;
    /** Whether the worker has left an interrupt to those who go on with its thread. */
    volatile boolean interrupted;

    Running(ConnectorWorker worker) {
        this.worker = worker;
        this.thread = new Thread(() -> {
            outcome = worker.run();
            interrupted = Thread.currentThread().isInterrupted();
        }, "worker");
        thread.setDaemon(true);
        thread.start();
    }

    Outcome outcome() {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        assertFalse(thread.isAlive(), () -> "still running: " + worker.status());
        return outcome;
    }

    boolean ended() {
        return !thread.isAlive();
    }

    /** Drains and expects a good end. */
    void drained() {
        worker.drain();
        assertEquals(Outcome.OK, outcome().exitCode(), () -> outcome.toString());
    }

    @Override
    public void close() {
        worker.abort();
        outcome();
    }
}
