package dev.emc.core.engine;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.Source;
import dev.emc.api.SourceRecord;
import dev.emc.core.engine.PositionTracker.Forgotten;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.observe.WorkerMetrics.Reason;

/**
 * Makes durable how far a source has come: registry first, then the source. The worker's thread only, but for
 * {@link #held()}. The source may give partitions back while it is told, which commits what is safe of them from within.
 */
final class Commits {

    private final PositionTracker tracker;
    private final Registry registry;
    private final Source source;
    private final FailedRecords failed;
    private final Consumer<Collection<Position>> listener;
    private final WorkerMetrics metrics;
    private final long interval;
    private final Attempts saving;
    private final Attempts committing;

    /** Collected from the tracker, not yet durable in the registry. */
    private Prefixes accepted = new Prefixes();
    /** Durable, not yet committed to the source; the oldest first. */
    private final ArrayDeque<Prefixes> saved = new ArrayDeque<>();
    /** What the source is being told just now, and of which partitions it has given up meanwhile. */
    private final Map<Prefixes, Set<Map<String, Object>>> telling = new HashMap<>();
    /** Partitions that the registry drops once all of their records are committed. */
    private final Set<Map<String, Object>> gone = new HashSet<>();
    private volatile int held;
    private long retryAt;
    private long nextCommit;

    /** @param listener is told what is durable in the registry */
    Commits(ConnectorWorker worker, PositionTracker tracker, Registry registry, Source source, FailedRecords failed,
            Consumer<Collection<Position>> listener) {
        this.tracker = tracker;
        this.registry = registry;
        this.source = source;
        this.failed = failed;
        this.listener = listener;
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

    /** Saves at once where partitions begin. */
    void begin(Collection<Position> positions) throws ConnectorException, InterruptedException {
        if (!positions.isEmpty()) {
            registry.save(positions);
            listener.accept(positions);
        }
    }

    /** Records were taken in. */
    void add(List<SourceRecord> records) {
        held += records.size();
        if (gone.isEmpty()) {
            return;
        }
        for (SourceRecord record : records) {
            if (record.progress() instanceof Position position) {
                gone.remove(position.partition());
            }
        }
    }

    /** Records that were taken in and are not yet committed; any thread. */
    int held() {
        return held;
    }

    /** The size of those records in bytes. */
    long bytes() {
        long bytes = tracker.bytes() + accepted.bytes;
        for (Prefixes prefixes : saved) {
            bytes += prefixes.bytes;
        }
        return bytes;
    }

    /** Takes out of the tracker what is accepted. */
    void collect() {
        int before = accepted.delivered() - accepted.counted;
        tracker.collect(accepted);
        failed.delivered(accepted.delivered() - accepted.counted - before);
        if (!gone.isEmpty()) {
            gone.removeIf(this::dropped);
        }
    }

    /** The registry drops a partition as soon as all of its records are committed. */
    void drop(Map<String, Object> partition) {
        gone.add(partition);
    }

    private boolean dropped(Map<String, Object> partition) {
        Set<Map<String, Object>> key = Set.of(partition);
        if (tracker.holds(key) || holds(key) || telling.keySet().stream().anyMatch(prefixes -> prefixes.holds(key))) {
            return false;
        }
        accepted.ends.put(partition, new Position(partition, Map.of()));
        return true;
    }

    /** Whether anything of these partitions waits for a commit. */
    boolean holds(Set<Map<String, Object>> partitions) {
        return accepted.holds(partitions) || saved.stream().anyMatch(prefixes -> prefixes.holds(partitions));
    }

    /** How many records the next commit would make durable, all those before them included. */
    int collected() {
        collect();
        return accepted.count;
    }

    /** Whether the registry has to drop partitions, now or when their records are committed. */
    boolean dropping() {
        return !gone.isEmpty() || accepted.count == 0 && !accepted.ends.isEmpty();
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
        if (saved.isEmpty() && (accepted.isEmpty() || !save())) {
            return;
        }
        for (Prefixes oldest = saved.poll(); oldest != null; oldest = possible(System.nanoTime()) ? saved.poll() : null) {
            if (!tell(oldest)) {
                saved.addFirst(oldest);
                return;
            }
            metrics.commitTook(System.nanoTime() - now);
            count(oldest);
        }
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
            listener.accept(accepted.ends.values());
        }
        saved.add(accepted);
        accepted = new Prefixes();
        return true;
    }

    private boolean tell(Prefixes durable) throws Stop {
        if (!source.commits()) {
            return true;
        }
        List<SourceRecord> records = durable.records();
        if (records.isEmpty()) {
            return true;
        }
        Set<Map<String, Object>> givenUp = new HashSet<>();
        telling.put(durable, givenUp);
        try {
            source.commit(Collections.unmodifiableList(records));
            committing.worked();
            return true;
        } catch (Exception error) {
            released(durable.remove(givenUp));
            retryAt = retryAt(committing, error);
            return false;
        } finally {
            telling.remove(durable);
        }
    }

    private void count(Prefixes done) {
        metrics.delivered(done.delivered());
        metrics.dead(done.dead);
        metrics.dropped(done.filtered, Reason.FILTERED);
        metrics.dropped(done.dropped, Reason.FAILED);
        held -= done.count;
    }

    /** Gives partitions up: nothing of them is saved or committed any more. Returns how many records were not finished. */
    int forget(Set<Map<String, Object>> partitions, Forgotten uncollected) {
        gone.removeAll(partitions);
        int records = uncollected.records + accepted.remove(partitions);
        for (Prefixes durable : saved) {
            records += durable.remove(partitions);
        }
        telling.values().forEach(givenUp -> givenUp.addAll(partitions));
        released(records);
        return records;
    }

    private void released(int records) {
        metrics.released(records);
        held -= records;
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
