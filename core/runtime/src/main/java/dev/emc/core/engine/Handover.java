package dev.emc.core.engine;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.core.engine.PositionTracker.Forgotten;

/**
 * Gives partitions of a source back: finishes and commits what is under way of them as far as time allows, and forgets them. The
 * source calls it while the worker calls the source.
 */
final class Handover {

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(5);

    private final SourceWorker worker;
    private final PositionTracker tracker;
    private final Outbox outbox;
    private final Commits commits;
    private final Refusals refusals;
    /** What the source was told, in case that it keeps it to itself: the worker has to end, or was interrupted. */
    private Stop stop;
    private boolean interrupted;

    Handover(SourceWorker worker, PositionTracker tracker, Outbox outbox, Commits commits, Refusals refusals) {
        this.worker = worker;
        this.tracker = tracker;
        this.outbox = outbox;
        this.commits = commits;
        this.refusals = refusals;
    }

    /**
     * Finishes partitions and forgets them.
     *
     * @param wait in nanoseconds
     */
    void release(Set<Map<String, Object>> partitions, long wait) throws FatalException, InterruptedException {
        checkThread();
        try {
            if (!worker.isOver()) {
                finish(partitions, wait);
            }
        } catch (Stop end) {
            stop = end;
            throw new FatalException(end.getMessage());
        } catch (InterruptedException end) {
            interrupted = true;
            throw end;
        } finally {
            abandon(partitions);
        }
    }

    private void finish(Set<Map<String, Object>> partitions, long wait) throws Stop, InterruptedException {
        long end = System.nanoTime() + wait;
        while (true) {
            worker.advance();
            commits.collect();
            long now = System.nanoTime();
            long left = worker.within(end - now);
            boolean accepted = !tracker.holds(partitions);
            if ((accepted || left <= 0 || commits.due(now)) && commits.possible(now)) {
                commits.commit(now);
            }
            if (left <= 0 || accepted && !commits.holds(partitions)) {
                return;
            }
            outbox.await(0, now + Math.min(left, TICK), () -> !worker.aborting());
        }
    }

    /** Forgets partitions at once. */
    void abandon(Set<Map<String, Object>> partitions) {
        checkThread();
        Forgotten forgotten = new Forgotten();
        tracker.forget(partitions, forgotten);
        outbox.forgotten(forgotten.unaccepted);
        refusals.forgotten();
        int records = commits.forget(partitions, forgotten);
        if (records > 0) {
            ConnectorWorker.LOG.infof("%d record%s of partitions that were given up %s not finished; they are read again by"
                    + " whoever has the partitions now", records, records == 1 ? "" : "s", records == 1 ? "was" : "were");
        }
    }

    /** Saves where partitions begin. */
    void begin(Collection<Position> positions) throws ConnectorException, InterruptedException {
        checkThread();
        commits.begin(positions);
    }

    /** The registry drops a partition once all of its records are committed. */
    void forget(Map<String, Object> partition) {
        checkThread();
        commits.drop(partition);
    }

    private void checkThread() {
        if (!worker.isRunner()) {
            throw new IllegalStateException(
                    "partitions begin and are given up within the methods of the source, on the thread that calls them");
        }
    }

    /** Ends the worker when it had to end in the middle of a release, whatever the source has made of that. */
    void rethrow() throws Stop, InterruptedException {
        if (stop != null) {
            throw stop;
        }
        if (interrupted) {
            interrupted = false;
            throw new InterruptedException();
        }
    }
}
