package dev.emc.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.Outcome;
import dev.emc.core.engine.WorkerState;
import dev.emc.core.engine.WorkerStatus;

/** A worker on a thread of its own. */
public final class RunningWorker implements AutoCloseable {

    private final ConnectorWorker worker;
    private final Thread thread;
    private volatile Outcome outcome;

    /** Starts it. */
    public RunningWorker(ConnectorWorker worker) {
        this.worker = worker;
        this.thread = new Thread(() -> outcome = worker.run(), "worker " + worker.name());
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until records can flow. */
    public RunningWorker awaitRunning() throws Exception {
        Await.until(() -> "the worker runs; " + status(), Await.DEADLINE, () -> {
            if (outcome != null) {
                throw new AssertionError("the worker ended at its start: " + outcome);
            }
            return worker.state() == WorkerState.RUNNING;
        });
        return this;
    }

    /** Waits for something that this worker brings about; fails at once when it has ended without. */
    public void await(String what, Await.Condition condition) throws Exception {
        Await.until(() -> what + "; " + status() + ", " + outcome, Await.DEADLINE, () -> {
            if (outcome == null) {
                return condition.holds();
            }
            if (condition.holds()) {
                return true;
            }
            throw new AssertionError("the worker ended before this happened: " + what + "; " + outcome);
        });
    }

    /** How it is now. */
    public WorkerStatus status() {
        return worker.status();
    }

    /** How it ended; null while it runs. */
    public Outcome outcome() {
        return outcome;
    }

    /** Waits for the end. */
    public Outcome awaitEnd() throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(Await.DEADLINE.toSeconds()));
        if (thread.isAlive()) {
            throw new AssertionError("the worker does not end: " + status());
        }
        return outcome;
    }

    /** Stops it in good order; it has to end with exit code 0, and every record has to be accounted for. */
    public WorkerStatus drain() throws InterruptedException {
        worker.drain();
        Outcome end = awaitEnd();
        if (end.exitCode() != Outcome.OK) {
            throw new AssertionError("the worker ended badly: " + end);
        }
        WorkerStatus status = status();
        long done = status.delivered() + status.dead() + status.dropped() + status.released() + status.inFlight();
        if (done != status.received()) {
            throw new AssertionError("the counts don't add up: " + status);
        }
        return status;
    }

    /** Stops it at once, in the middle of what it does. */
    public void abort() throws InterruptedException {
        worker.abort();
        awaitEnd();
    }

    /** As {@link #drain}. @return how long it took */
    public Duration timedDrain() throws InterruptedException {
        long begin = System.nanoTime();
        drain();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Override
    public void close() throws InterruptedException {
        abort();
    }
}
