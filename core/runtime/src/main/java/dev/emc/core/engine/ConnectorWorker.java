package dev.emc.core.engine;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jboss.logging.Logger;

import dev.emc.core.observe.WorkerMetrics;

/**
 * Runs one connector: {@link #run()} on one thread until the connector has nothing more to do, {@link #drain()} or
 * {@link #abort()} is called, or something fails for good. Only {@code run()} calls the connector; the other methods may
 * be called from any thread.
 */
public abstract sealed class ConnectorWorker permits SourceWorker, SinkWorker {

    static final Logger LOG = Logger.getLogger("dev.emc.worker");

    /** How much longer than the drain a call of the connector, and closing all, may take before it is interrupted. */
    private static final long OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Time between two interrupts of a connector that hangs again: while something is saved or closed. */
    private static final long INTERRUPT_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(3);

    final String name;
    final WorkerSettings settings;
    final WorkerMetrics metrics;

    private final Object lifeCycle = new Object();
    private final Rates rates = new Rates();
    private final List<Attempts> work = new CopyOnWriteArrayList<>();
    private volatile Phase phase = new Phase(WorkerState.CREATED, "not started", Instant.now());
    private volatile Runnable whenRunning = () -> {};
    private volatile Thread runner;
    private volatile boolean draining;
    private volatile boolean aborting;
    private volatile boolean over;
    private volatile long drainDeadline;
    private Thread interruptible;

    private record Phase(WorkerState state, String reason, Instant since) {}

    ConnectorWorker(String name, WorkerSettings settings, WorkerMetrics metrics) {
        this.name = name;
        this.settings = settings;
        this.metrics = metrics;
    }

    /** Connects everything. */
    abstract void start() throws Stop, InterruptedException;

    /** Moves records until the worker has to stop; returns why. */
    abstract String process() throws Stop, InterruptedException;

    /** Finishes what is in flight until {@link #drainTimeLeft()} is used up; returns how many records were not finished. */
    abstract int finish() throws Stop, InterruptedException;

    /** Saves what can be saved without waiting, after a failure or an interrupt. */
    abstract void salvage();

    /** Closes connector, mesh and registry; called once, whatever happened. */
    abstract void close();

    abstract MeshState meshState();

    abstract long inFlight();

    /** What waits at the outside system; -1 when unknown. */
    long lag() {
        return -1;
    }

    /**
     * Runs the worker; returns when it has ended.
     *
     * @throws IllegalStateException when it was run before
     */
    public final Outcome run() {
        synchronized (lifeCycle) {
            if (phase.state() != WorkerState.CREATED) {
                throw new IllegalStateException("a worker runs once");
            }
            runner = Thread.currentThread();
            enter(WorkerState.STARTING, "starting");
        }
        Outcome outcome;
        boolean finished = false;
        try {
            outcome = work();
            finished = outcome.exitCode() == Outcome.OK;
        } catch (Stop stop) {
            outcome = stop.outcome;
        } catch (InterruptedException interrupted) {
            outcome = interruption();
        } catch (Throwable bug) {
            LOG.debug("the worker failed", bug);
            outcome = new Outcome(Outcome.FAILED, Errors.bug(bug));
        }
        over = true;
        // an interrupt that is still pending would break the files that are closed now
        Thread.interrupted();
        if (!finished) {
            attempt("saving what is done", this::salvage);
        }
        attempt("closing", this::close);
        synchronized (lifeCycle) {
            enter(outcome.exitCode() == Outcome.OK ? WorkerState.STOPPED : WorkerState.FAILED, outcome.message());
            // an interrupt that came too late is not for those who go on with this thread
            Thread.interrupted();
        }
        return outcome;
    }

    private Outcome work() throws Stop, InterruptedException {
        start();
        synchronized (lifeCycle) {
            if (!draining) {
                enter(WorkerState.RUNNING, "running");
            }
        }
        whenRunning.run();
        String why = process();
        synchronized (lifeCycle) {
            if (!draining) {
                drainDeadline = System.nanoTime() + settings.shutdownTimeout().toNanos();
                enter(WorkerState.DRAINING, why);
            }
        }
        // an interrupt that is still pending would break the files that are written now
        Thread.interrupted();
        int unfinished = finish();
        if (aborting) {
            return new Outcome(Outcome.FAILED, "stopped at once on request" + left(unfinished));
        }
        return new Outcome(Outcome.OK, why + left(unfinished));
    }

    private static String left(int unfinished) {
        return unfinished == 0
                ? ""
                : "; " + unfinished + (unfinished == 1 ? " record was" : " records were")
                        + " not finished and will be delivered again";
    }

    private Outcome interruption() {
        return draining && !aborting
                ? new Outcome(Outcome.OK, "stopped on request" + left((int) inFlight()))
                : new Outcome(Outcome.FAILED, "stopped at once on request; what was not finished will be delivered again");
    }

    private void enter(WorkerState state, String reason) {
        phase = new Phase(state, reason, Instant.now());
        lifeCycle.notifyAll();
    }

    /** Tells when everything is connected and records can flow; called on {@link #run()}'s thread, which it holds up. */
    public final void onRunning(Runnable tell) {
        whenRunning = tell;
    }

    /**
     * Stops taking in and finishes what is in flight within {@code shutdown.timeout}; {@link #run()} returns then. A
     * connector that hangs is interrupted a little later.
     */
    public final void drain() {
        synchronized (lifeCycle) {
            if (draining || phase.state().ended()) {
                return;
            }
            drainDeadline = System.nanoTime() + settings.shutdownTimeout().toNanos();
            draining = true;
            if (phase.state() == WorkerState.RUNNING) {
                enter(WorkerState.DRAINING, "stopping on request");
            }
            if (interruptible != null) {
                interruptible.interrupt();
            }
            if (runner != null) {
                Thread guard = new Thread(this::interruptWhenOverdue, "emc-drain");
                guard.setDaemon(true);
                guard.start();
            }
        }
        wake();
    }

    /** A connector that hangs must not keep the process longer than {@code shutdown.timeout}. */
    private void interruptWhenOverdue() {
        synchronized (lifeCycle) {
            boolean interrupted = false;
            long due = drainDeadline + OVERDUE_NANOS;
            while (!phase.state().ended()) {
                long left = due - System.nanoTime();
                if (left <= 0) {
                    if (!interrupted) {
                        LOG.warn("what the connector does takes longer than shutdown.timeout and is interrupted");
                    }
                    interrupted = true;
                    runner.interrupt();
                    left = INTERRUPT_AGAIN_NANOS;
                    due = System.nanoTime() + left;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(lifeCycle, left);
                } catch (InterruptedException stop) {
                    return;
                }
            }
        }
    }

    /**
     * Stops at once, in the middle of what the worker does, by interrupting its thread. What was not finished will be
     * delivered again.
     */
    public final void abort() {
        synchronized (lifeCycle) {
            if (phase.state().ended()) {
                return;
            }
            draining = true;
            aborting = true;
            drainDeadline = System.nanoTime();
            if (runner != null) {
                runner.interrupt();
            }
        }
        wake();
    }

    public final String name() {
        return name;
    }

    public final WorkerState state() {
        return phase.state();
    }

    /** How the worker is now. */
    public final WorkerStatus status() {
        Phase now = phase;
        MeshState mesh = meshState();
        String trouble = trouble();
        boolean ready = now.state() == WorkerState.RUNNING && mesh.ready() && trouble == null;
        String reason = now.reason();
        if (!now.state().ended()) {
            if (trouble != null) {
                reason = now.state() == WorkerState.STANDBY ? reason + "; " + trouble : trouble;
            } else if (now.state() == WorkerState.RUNNING || now.state() == WorkerState.STARTING && !mesh.ready()) {
                reason = mesh.reason();
            }
        }
        long received = metrics.received();
        long delivered = metrics.delivered();
        double[] perSecond = rates.sample(System.nanoTime(), received, delivered);
        return new WorkerStatus(name, settings.connector(), now.state(), ready, reason, now.since(), received, delivered,
                metrics.dead(), metrics.dropped(), metrics.released(), metrics.retries(), inFlight(), lag(), perSecond[0],
                perSecond[1]);
    }

    /** Whether the worker has to stop taking in. */
    final boolean draining() {
        return draining;
    }

    final boolean aborting() {
        return aborting;
    }

    /** Nanoseconds that are left to finish what is in flight; 0 or less when there is no more time. */
    final long drainTimeLeft() {
        return aborting ? 0 : drainDeadline - System.nanoTime();
    }

    /** Lets {@link #run()}'s thread look again at what it waits for. */
    final void wake() {
        LockSupport.unpark(runner);
    }

    /** A kind of work that is tried again until it works; it shows in the status meanwhile. */
    final Attempts attempts(String what) {
        Attempts attempts = new Attempts(what, new Backoff(settings.retryInitialDelay(), settings.retryMaxDelay()));
        work.add(attempts);
        return attempts;
    }

    /** What keeps records from flowing now, for the user; null when nothing does. Any thread. */
    String trouble() {
        for (Attempts attempts : work) {
            String trouble = attempts.trouble();
            if (trouble != null) {
                return trouble;
            }
        }
        return null;
    }

    /** Something that blocks until it is done or interrupted, and that {@link #drain()} may interrupt. */
    final void interruptibly(Blocking blocking) throws Exception {
        synchronized (lifeCycle) {
            if (draining) {
                throw new InterruptedException();
            }
            interruptible = Thread.currentThread();
        }
        try {
            blocking.run();
        } finally {
            synchronized (lifeCycle) {
                interruptible = null;
                if (!aborting) {
                    Thread.interrupted();
                }
            }
        }
        if (draining) {
            throw new InterruptedException();
        }
    }

    /** Another process is the active one, and this one waits for its turn. */
    final void standBy(String reason) {
        synchronized (lifeCycle) {
            if (!draining) {
                enter(WorkerState.STANDBY, reason);
            }
        }
    }

    /** It is this process's turn. */
    final void takeOver() {
        synchronized (lifeCycle) {
            if (phase.state() == WorkerState.STANDBY) {
                enter(WorkerState.STARTING, "starting");
            }
        }
    }

    /** Waits at the start; ends at once when the worker has to stop. */
    final void sleep(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            if (draining) {
                throw new InterruptedException();
            }
        }
    }

    /**
     * Waits, also in the middle of a drain, as long as that has time left.
     *
     * @return false when the worker has to end before
     */
    final boolean waitFor(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            if (ending()) {
                left = Math.min(left, drainTimeLeft());
                if (left <= 0) {
                    return false;
                }
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(this, left);
        }
        return true;
    }

    /** Whether the worker finishes what is in flight, or has been asked to. */
    private boolean ending() {
        return draining || phase.state() == WorkerState.DRAINING;
    }

    /** Whether this thread runs the worker. */
    final boolean isRunner() {
        return Thread.currentThread() == runner;
    }

    /** Whether it has ended, but for saving what is done and closing. */
    final boolean isOver() {
        return over;
    }

    /** How much of a time in nanoseconds there is, should the worker have to end before. */
    final long within(long nanos) {
        return ending() ? Math.min(nanos, drainTimeLeft()) : nanos;
    }

    /** Whether there is no more time to finish what is in flight. */
    final boolean timeIsUp() {
        return ending() && drainTimeLeft() <= 0;
    }

    /** Does something at the end whose failure changes nothing. */
    final void attempt(String what, Blocking blocking) {
        try {
            blocking.run();
        } catch (Throwable error) {
            LOG.warnf("%s failed: %s", what, Errors.sentence(error));
            LOG.debug(what, error);
        }
    }
}
