package dev.emc.core.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.Source;
import dev.emc.api.SourceRecord;
import dev.emc.core.engine.ConnectorWorker.Stop;
import dev.emc.core.engine.PositionTracker.Prefixes;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.observe.WorkerMetrics.Reason;

/**
 * Makes durable how far a source has come: registry first, then the source. The worker's thread only, but for
 * {@link #held()}.
 */
final class Commits {

    private final PositionTracker tracker;
    private final Registry registry;
    private final Source source;
    private final FailedRecords failed;
    private final WorkerMetrics metrics;
    private final long interval;
    private final Attempts saving;
    private final Attempts committing;

    /** Collected from the tracker, not yet durable in the registry. */
    private Prefixes accepted = new Prefixes();
    /** Durable, not yet committed to the source. */
    private Prefixes saved = new Prefixes();
    private volatile int held;
    private long retryAt;
    private long nextCommit;

    Commits(ConnectorWorker worker, PositionTracker tracker, Registry registry, Source source, FailedRecords failed) {
        this.tracker = tracker;
        this.registry = registry;
        this.source = source;
        this.failed = failed;
        this.metrics = worker.metrics;
        this.interval = worker.settings.registryInterval().toNanos();
        this.saving = worker.attempts("saving progress");
        this.committing = worker.attempts("committing to the source");
    }

    /** The intervals begin. */
    void begin(long now) {
        nextCommit = now + interval;
        retryAt = now;
    }

    /** Records were taken in. */
    void add(int records) {
        held += records;
    }

    /** Records that were taken in and are not yet committed; any thread. */
    int held() {
        return held;
    }

    /** The size of those records in bytes. */
    long bytes() {
        return tracker.bytes() + accepted.bytes + saved.bytes;
    }

    /** Takes out of the tracker what is accepted. */
    void collect() {
        int before = accepted.delivered() - accepted.counted;
        tracker.collect(accepted);
        failed.delivered(accepted.delivered() - accepted.counted - before);
    }

    /** How many records the next commit would make durable, all those before them included. */
    int collected() {
        collect();
        return accepted.count;
    }

    /** When the next commit may be due. */
    long dueAt() {
        return Math.max(nextCommit, retryAt);
    }

    /** Whether a commit may be tried now: none has failed a moment ago. */
    boolean possible(long now) {
        return now - retryAt >= 0;
    }

    /** Whether it is time for a commit. */
    boolean due(long now) {
        return now - dueAt() >= 0;
    }

    /** Ends the worker when another process has taken its lease, which one that has nothing to save would not notice. */
    void checkLease() throws Stop {
        try {
            registry.save(List.of());
        } catch (FatalException lost) {
            throw new Stop(Outcome.FAILED, Errors.sentence(lost));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ConnectorException unsure) {
            ConnectorWorker.LOG.debug("the lease is unsure", unsure);
        }
    }

    /** Saves how far the mesh has accepted, then tells the source; in this order. */
    void commit(long now) throws Stop {
        nextCommit = now + interval;
        collect();
        if (accepted.count == 0 && saved.count == 0 || saved.count == 0 && !save() || !tell()) {
            return;
        }
        metrics.commitTook(System.nanoTime() - now);
        metrics.delivered(saved.delivered());
        metrics.dead(saved.dead);
        metrics.dropped(saved.filtered, Reason.FILTERED);
        metrics.dropped(saved.dropped, Reason.FAILED);
        held -= saved.count;
        saved.clear();
    }

    private boolean save() throws Stop {
        if (!accepted.ends.isEmpty()) {
            try {
                registry.save(accepted.ends.values());
                saving.worked();
            } catch (Exception error) {
                retryAt = retryAt(saving, error);
                return false;
            }
        }
        Prefixes durable = accepted;
        accepted = saved;
        saved = durable;
        return true;
    }

    private boolean tell() throws Stop {
        if (!saved.records.isEmpty()) {
            try {
                List<SourceRecord> records = Collections.unmodifiableList(new ArrayList<>(saved.records));
                source.commit(records);
                committing.worked();
            } catch (Exception error) {
                retryAt = retryAt(committing, error);
                return false;
            }
        }
        return true;
    }

    private static long retryAt(Attempts attempts, Exception error) throws Stop {
        if (error instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (Errors.isFinal(error)) {
            throw new Stop(Outcome.FAILED, attempts.what() + " failed: " + Errors.sentence(error));
        }
        return System.nanoTime() + attempts.failed(error);
    }
}
