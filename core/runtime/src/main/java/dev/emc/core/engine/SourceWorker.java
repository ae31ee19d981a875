package dev.emc.core.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;
import dev.emc.core.engine.PositionTracker.Entry;
import dev.emc.core.engine.PositionTracker.Prefixes;
import dev.emc.core.observe.WorkerMetrics;

/**
 * Moves records from a source to the mesh: poll → publish → accepted by the mesh → position durable → commit. Nothing is
 * committed beyond the unbroken prefix of accepted records of its partition, so that whatever happens, what the mesh has
 * not accepted is read again.
 */
public final class SourceWorker extends ConnectorWorker {

    /** Longest wait in one poll: the worker looks at least that often whether it has to stop. */
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LAG_INTERVAL = TimeUnit.SECONDS.toNanos(1);
    /** Until the first records tell how long they are, a poll may take this part of the bytes that may be in flight. */
    private static final int FIRST_POLL_SHARE = 32;

    private final Source source;
    private final MeshPublisher publisher;
    private final Registry registry;
    private final String defaultSource;

    private final PositionTracker tracker = new PositionTracker();
    /** Collected from the tracker, not yet durable in the registry. */
    private final Prefixes accepted = new Prefixes();
    /** Durable, not yet committed to the source. */
    private List<SourceRecord> saved = List.of();
    private int savedCount;
    private long savedBytes;

    private final AtomicInteger unaccepted = new AtomicInteger();
    private final AtomicInteger heldRecords = new AtomicInteger();
    private final Queue<Entry> failed = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Entry> toResend = new ArrayDeque<>();
    private volatile PublishFailure publishFailure;
    private volatile Exception lastPublishFailure;
    /** Nothing was accepted since the last failure. */
    private volatile boolean publishTrouble;
    /** The run thread wants to be woken when no more than this many are unaccepted; -1: not at all. */
    private volatile int wakeAt = -1;
    private volatile long lag = -1;

    private final Attempts starting = new Attempts("starting the source", backoff());
    private final Attempts opening = new Attempts("opening the registry", backoff());
    private final Attempts polling = new Attempts("reading from the source", backoff());
    private final Attempts publishing = new Attempts("sending to the mesh", backoff());
    private final Attempts saving = new Attempts("saving progress", backoff());
    private final Attempts committing = new Attempts("committing to the source", backoff());

    /** How many were unaccepted when {@link #advance()} began: what was accepted since has not been looked at. */
    private int seenUnaccepted;
    private boolean finishing;
    private boolean registryOpened;
    private boolean meshOpened;
    private boolean sourceStarted;
    private boolean meshReady;
    private long resendAt;
    private long commitAt;
    private long pollAt;
    private long nextCommit;
    private long nextLag;
    private long recordBytes;
    private boolean measured;

    private record PublishFailure(Entry entry, Exception error) {}

    public SourceWorker(String name, Source source, MeshPublisher publisher, Registry registry, WorkerSettings settings,
            WorkerMetrics metrics) {
        super(name, settings, metrics);
        this.source = source;
        this.publisher = publisher;
        this.registry = registry;
        this.defaultSource = "emc:" + name;
        this.recordBytes = Math.max(1, settings.inFlightMaxBytes() / FIRST_POLL_SHARE);
        metrics.gauges(this::inFlight, this::lag);
    }

    @Override
    void start() throws Stop, InterruptedException {
        List<Position> positions = new ArrayList<>();
        registryOpened = true;
        untilConnected(opening, Outcome.UNREACHABLE, () -> {
            try {
                positions.addAll(registry.open(name));
            } catch (LeaseHeldException held) {
                throw new FatalException(held.getMessage(), held);
            }
        });
        meshOpened = true;
        openMesh(() -> publisher.open(connectTimeout()));
        SourceContext context = new Context(name, positions);
        sourceStarted = true;
        untilConnected(starting, Outcome.CONFIGURATION, () -> source.start(context));
    }

    @Override
    String process() throws Stop, InterruptedException {
        long lastRecord = System.nanoTime();
        long idleLimit = settings.untilIdle().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        long pause = SHORTEST_WAIT;
        boolean quiet = false;
        boolean exhausted = false;
        nextCommit = lastRecord + settings.registryInterval().toNanos();
        while (!draining()) {
            advance();
            long now = System.nanoTime();
            if (!meshReady) {
                // nothing is read now, so nobody knows what would come
                lastRecord = now;
            }
            commitWhenDue(now, quiet);
            boolean room = roomForPoll() > 0;
            int held = heldRecords.get();
            if (held == 0 && exhausted) {
                return "the source has nothing more";
            }
            if (held == 0 && now - lastRecord >= idleLimit) {
                return "nothing came for " + text(settings.untilIdle().orElseThrow());
            }
            if (exhausted || !room || !meshReady || now < pollAt || meshOverloaded()) {
                await(room ? 0 : held / 2, LONGEST_WAIT);
                continue;
            }
            // Nothing new: answers of the mesh come first, then the source, each for a little longer than before
            if (quiet && held > 0 && await(0, pause)) {
                pause = SHORTEST_WAIT;
                continue;
            }
            long wait = held == 0 ? LONGEST_WAIT : quiet && !settings.strictOrder() ? pause : 0;
            if (held == 0) {
                wait = Math.min(wait, idleLimit - (now - lastRecord));
            }
            int taken = poll(wait);
            if (taken > 0) {
                quiet = false;
                pause = SHORTEST_WAIT;
                lastRecord = System.nanoTime();
            } else {
                quiet = true;
                pause = Math.min(pause * 2, LONGEST_WAIT);
                exhausted = taken == 0 && source.exhausted();
            }
        }
        return "stopped on request";
    }

    /** Everything but polling and committing: failures, retries, lag. */
    private void advance() throws Stop, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        PublishFailure failure = publishFailure;
        if (failure != null) {
            throw new Stop(Outcome.FAILED,
                    describe(failure.entry) + " can't be sent to the mesh: " + Errors.sentence(failure.error));
        }
        seenUnaccepted = unaccepted.get();
        long now = System.nanoTime();
        boolean ready = publisher.state().ready();
        if (ready && !meshReady) {
            resendAt = now;
        }
        meshReady = ready;
        for (Entry entry = failed.poll(); entry != null; entry = failed.poll()) {
            if (toResend.isEmpty()) {
                publishTrouble = true;
                resendAt = now + publishing.failed(lastPublishFailure);
            }
            toResend.add(entry);
        }
        if (meshReady) {
            send(now);
        }
        if (!publishTrouble) {
            publishing.worked();
        }
        if (now >= nextLag) {
            nextLag = now + LAG_INTERVAL;
            lag = askLag();
        }
    }

    /** Whether the mesh refuses again and again: more records would only be refused too. */
    private boolean meshOverloaded() {
        return !toResend.isEmpty() && publishing.failures() > 1;
    }

    private long askLag() {
        try {
            return source.lag();
        } catch (RuntimeException unknown) {
            LOG.debug("the source doesn't know its lag", unknown);
            return -1;
        }
    }

    private void send(long now) {
        boolean resent = !toResend.isEmpty() && now >= resendAt;
        if (resent) {
            metrics.retried(toResend.size());
            for (Entry entry = toResend.poll(); entry != null; entry = toResend.poll()) {
                publish(entry);
            }
        }
        if (settings.strictOrder() && unaccepted.get() > 0) {
            tracker.collect(accepted);
            tracker.heads(entry -> {
                if (!entry.sent) {
                    publish(entry);
                }
            });
            publisher.flush();
        } else if (resent) {
            publisher.flush();
        }
    }

    /** How many records may be polled now; 0 while too little room is left for a poll that is worth it. */
    private int roomForPoll() {
        int held = heldRecords.get();
        long heldBytes = tracker.bytes() + accepted.bytes + savedBytes;
        int most = Math.min(settings.batchMaxRecords(), Math.max(1, settings.inFlightMaxRecords() / 2));
        long byBytes = (settings.inFlightMaxBytes() - heldBytes) / recordBytes;
        long room = Math.min(settings.inFlightMaxRecords() - held, byBytes);
        if (held == 0) {
            return (int) Math.max(1, Math.min(most, room));
        }
        long least = Math.min(most, Math.max(1, settings.inFlightMaxBytes() / recordBytes / 2));
        return room < least ? 0 : (int) Math.min(most, room);
    }

    /** Takes in what the source has; returns how many records that were, -1 when reading failed. */
    private int poll(long wait) throws Stop, InterruptedException {
        List<SourceRecord> records;
        long begin = System.nanoTime();
        try {
            records = source.poll(Math.max(1, roomForPoll()), Duration.ofNanos(wait));
            polling.worked();
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception error) {
            if (Errors.isFinal(error)) {
                throw new Stop(Outcome.FAILED, "reading from the source failed: " + Errors.sentence(error));
            }
            pollAt = System.nanoTime() + polling.failed(error);
            return -1;
        }
        if (records.isEmpty()) {
            long early = wait - (System.nanoTime() - begin);
            if (early > 0) {
                // a source that doesn't wait must not make the worker spin
                await(-1, Math.min(early, 4 * SHORTEST_WAIT));
            }
            return 0;
        }
        take(records);
        return records.size();
    }

    private void take(List<SourceRecord> records) {
        int count = records.size();
        metrics.received(count);
        metrics.batch(count);
        long bytes = 0;
        heldRecords.addAndGet(count);
        unaccepted.addAndGet(count);
        seenUnaccepted += count;
        Entry last = null;
        for (int i = 0; i < count; i++) {
            SourceRecord record = records.get(i);
            bytes += record.size();
            Entry entry = tracker.add(record);
            entry.outgoing = complete(entry);
            if (!settings.strictOrder()) {
                if (i == count - 1) {
                    entry.sentAt = System.nanoTime();
                }
                publish(entry);
            }
            last = entry;
        }
        if (settings.strictOrder()) {
            last.sentAt = System.nanoTime();
        } else {
            publisher.flush();
        }
        long average = bytes / count;
        recordBytes = measured ? Math.max(average, (recordBytes * 3 + average) / 4) : average;
        measured = true;
    }

    /** Fills in what an event must have and the source has left out. */
    private SourceRecord complete(Entry entry) {
        SourceRecord record = entry.record;
        Map<String, Object> attributes = record.attributes();
        boolean id = attributes.containsKey("id");
        boolean origin = attributes.containsKey("source");
        boolean type = attributes.containsKey("type");
        if (id && origin && type) {
            return record;
        }
        SourceRecord.Builder builder = SourceRecord.like(record);
        if (!id) {
            String stable = entry.stableId();
            builder.attribute("id", stable != null ? stable : UUID.randomUUID().toString());
        }
        if (!origin) {
            builder.attribute("source", defaultSource);
        }
        if (!type) {
            builder.attribute("type", "dev.emc.record");
        }
        return builder.build();
    }

    private void publish(Entry entry) {
        entry.sent = true;
        String topic = entry.record.topic();
        publisher.publish(entry.outgoing, topic != null ? topic : settings.topics().get(0), error -> answered(entry, error));
    }

    /** The mesh's answer; any thread. */
    private void answered(Entry entry, Exception error) {
        if (error == null) {
            if (entry.isAccepted()) {
                return;
            }
            try {
                entry.accepted();
            } catch (RuntimeException broken) {
                LOG.warnf("%s was accepted by the mesh, but its sender could not be told: %s", describe(entry),
                        Errors.sentence(broken));
            }
            if (publishTrouble) {
                publishTrouble = false;
            }
            if (entry.sentAt != 0) {
                metrics.deliveryTook(System.nanoTime() - entry.sentAt);
            }
            if (unaccepted.decrementAndGet() <= wakeAt) {
                wake();
            }
        } else if (Errors.isFinal(error)) {
            publishFailure = new PublishFailure(entry, error);
            wake();
        } else {
            lastPublishFailure = error;
            failed.add(entry);
            wake();
        }
    }

    /**
     * Waits until no more than {@code most} records are unaccepted (with strict order: until any was accepted) and at
     * least one was accepted since {@link #advance()}, or something failed, or a commit, poll or retry is due, or the
     * time is over.
     *
     * @param most -1 to wait for time only
     * @return whether there is something to do for {@code advance} or a commit
     */
    private boolean await(int most, long nanos) {
        int goal = most < 0 ? -1 : settings.strictOrder() ? seenUnaccepted - 1 : Math.min(most, seenUnaccepted - 1);
        long now = System.nanoTime();
        long end = now + nanos;
        if (unaccepted.get() < heldRecords.get()) {
            end = Math.min(end, Math.max(nextCommit, commitAt));
        }
        if (!toResend.isEmpty() && meshReady) {
            end = Math.min(end, resendAt);
        }
        if (now < pollAt) {
            end = Math.min(end, pollAt);
        }
        if (!meshReady) {
            end = Math.min(end, now + 4 * SHORTEST_WAIT);
        }
        wakeAt = goal;
        try {
            while (finishing || !draining()) {
                if (goal >= 0 && unaccepted.get() <= goal || !failed.isEmpty() || publishFailure != null) {
                    return true;
                }
                long left = end - System.nanoTime();
                if (left <= 0 || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                LockSupport.parkNanos(this, left);
            }
            return false;
        } finally {
            wakeAt = -1;
        }
    }

    /** Commits at once when nothing is going on, else at the interval, or when no room is left. */
    private void commitWhenDue(long now, boolean quiet) throws Stop {
        int held = heldRecords.get();
        int open = unaccepted.get();
        if (held == open || now < commitAt) {
            return;
        }
        if (quiet && open == 0 || now >= nextCommit || open <= held / 2 && roomForPoll() == 0) {
            commit(now);
        }
    }

    /** Saves how far the mesh has accepted, then tells the source; in this order. */
    private void commit(long now) throws Stop {
        nextCommit = now + settings.registryInterval().toNanos();
        tracker.collect(accepted);
        if (accepted.count == 0 && savedCount == 0) {
            return;
        }
        if (savedCount == 0 && !save()) {
            return;
        }
        if (!saved.isEmpty()) {
            try {
                source.commit(saved);
                committing.worked();
            } catch (Exception error) {
                if (error instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                if (Errors.isFinal(error)) {
                    throw new Stop(Outcome.FAILED, "committing to the source failed: " + Errors.sentence(error));
                }
                commitAt = System.nanoTime() + committing.failed(error);
                return;
            }
        }
        metrics.commitTook(System.nanoTime() - now);
        metrics.delivered(savedCount);
        heldRecords.addAndGet(-savedCount);
        saved = List.of();
        savedCount = 0;
        savedBytes = 0;
    }

    private boolean save() throws Stop {
        if (!accepted.ends.isEmpty()) {
            try {
                registry.save(accepted.ends.values());
                saving.worked();
            } catch (Exception error) {
                if (Errors.isFinal(error)) {
                    throw new Stop(Outcome.FAILED, "saving progress failed: " + Errors.sentence(error));
                }
                commitAt = System.nanoTime() + saving.failed(error);
                return false;
            }
        }
        saved = Collections.unmodifiableList(new ArrayList<>(accepted.records));
        savedCount = accepted.count;
        savedBytes = accepted.bytes;
        accepted.clear();
        return true;
    }

    @Override
    int finish() throws Stop, InterruptedException {
        finishing = true;
        while (heldRecords.get() > 0 && drainTimeLeft() > 0) {
            advance();
            long now = System.nanoTime();
            int open = unaccepted.get();
            if (now >= commitAt && (open == 0 || now >= nextCommit)) {
                commit(now);
            }
            if (heldRecords.get() > 0) {
                await(0, Math.min(drainTimeLeft(), LONGEST_WAIT));
            }
        }
        if (heldRecords.get() > 0) {
            // an abort has interrupted the thread, and that would break the files that are written now
            Thread.interrupted();
            commit(System.nanoTime());
        }
        return heldRecords.get();
    }

    @Override
    void salvage() {
        if (sourceStarted && heldRecords.get() > 0) {
            attempt("saving what the mesh has accepted", () -> commit(System.nanoTime()));
        }
    }

    @Override
    void close() {
        tracker.unaccepted(entry -> {
            try {
                entry.rejected(new RetryableException("the worker stops; send it again"));
            } catch (RuntimeException broken) {
                LOG.debug("rejecting a record failed", broken);
            }
        });
        if (sourceStarted) {
            attempt("closing the source", source::close);
        }
        if (meshOpened) {
            attempt("closing the connection to the mesh", publisher::close);
        }
        if (registryOpened) {
            attempt("closing the registry", registry::close);
        }
    }

    private static String describe(Entry entry) {
        SourceRecord record = entry.outgoing != null ? entry.outgoing : entry.record;
        return "record " + record.id() + (entry.record.progress() instanceof Position position
                ? " at " + position.partition() + " " + position.offset()
                : "");
    }

    static String text(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    @Override
    MeshState meshState() {
        return publisher.state();
    }

    @Override
    String trouble() {
        for (Attempts attempts : List.of(publishing, polling, saving, committing, starting, opening)) {
            String trouble = attempts.trouble();
            if (trouble != null) {
                return trouble;
            }
        }
        return null;
    }

    @Override
    long inFlight() {
        return heldRecords.get();
    }

    @Override
    long lag() {
        return lag;
    }

    /** What the source learns at the start. */
    private static final class Context implements SourceContext {

        private final String name;
        private final Map<Map<String, Object>, Position> positions = new HashMap<>();

        Context(String name, Collection<Position> positions) {
            this.name = name;
            positions.forEach(position -> this.positions.put(position.partition(), position));
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Optional<Position> position(Map<String, Object> partition) {
            return Optional.ofNullable(positions.get(new Position(partition, Map.of()).partition()));
        }

        @Override
        public Collection<Position> positions() {
            return Collections.unmodifiableCollection(positions.values());
        }
    }
}
