package dev.emc.core.engine;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import dev.emc.api.RetryableException;
import dev.emc.api.Source;
import dev.emc.api.SourceRecord;
import dev.emc.core.observe.WorkerMetrics;

/**
 * Moves records from a source to the mesh: poll → publish → accepted by the mesh → position durable → commit. Nothing is
 * committed beyond the unbroken prefix of records of its partition that the mesh has accepted or that are kept as dead
 * letters, so that whatever happens, what the mesh has not accepted is read again.
 */
public final class SourceWorker extends ConnectorWorker {

    /** Longest wait in one poll: the worker looks at least that often whether it has to stop. */
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LAG_INTERVAL = TimeUnit.SECONDS.toNanos(1);
    /** The source is called at least so often. */
    private static final long IDLE_INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final Source source;
    private final MeshPublisher publisher;
    private final Registry registry;

    private final PositionTracker tracker = new PositionTracker();
    private final RateLimit rate;
    private final Room room;
    private final Attempts polling = attempts("reading from the source");
    private final Attempts starting = attempts("starting the source");
    private final LeaseTaker lease;
    private final FailedRecords failed;
    private final Outbox outbox;
    private final Commits commits;
    private final Refusals refusals;
    private final SourcePartitions partitions;
    private final Handover handover;
    private final Arrivals arrivals;
    private volatile long lag = -1;

    private final long idleLimit;
    private long lastRecord;
    /** Nothing came with the last poll. */
    private boolean quiet;
    /** How long to wait for the mesh, and then for the source, while it is quiet. */
    private long pause = SHORTEST_WAIT;
    /** Whether polling was allowed when it was looked at last. */
    private boolean wasAllowed;
    private boolean exhausted;
    private boolean finishing;
    private boolean registryOpened;
    private boolean meshOpened;
    private boolean sourceStarted;
    private long pollAt;
    private long calledAt;
    private long nextLag;

    public SourceWorker(String name, Source source, MeshPublisher publisher, Registry registry, Processing processing,
            DeadLetters deadLetters, WorkerSettings settings, WorkerMetrics metrics) {
        super(name, settings, metrics);
        this.source = source;
        this.publisher = publisher;
        boolean selfCoordinated = source.selfCoordinated();
        this.registry = SelfCoordination.orElse(source, () -> registry);
        Completion completion = new Completion(name);
        this.rate = new RateLimit(settings.recordsPerSecond(), System.nanoTime());
        this.idleLimit = settings.untilIdle().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        this.room = new Room(settings, publisher.window());
        this.lease = new LeaseTaker(this, this.registry);
        this.failed = new FailedRecords(this, deadLetters, "can't be sent to the mesh");
        this.outbox = new Outbox(this, publisher, this.registry::held, source.commits());
        this.partitions = new SourcePartitions(name);
        this.commits = new Commits(this, tracker, this.registry, source, failed,
                selfCoordinated ? positions -> {} : partitions::saved);
        this.refusals = new Refusals(tracker, outbox, commits, failed, completion, this.registry::held);
        this.handover = new Handover(this, tracker, outbox, commits, refusals);
        partitions.handover(handover);
        this.arrivals = new Arrivals(this, tracker, completion, processing, commits, outbox, refusals, rate, room);
        metrics.gauges(this::inFlight, this::lag);
    }

    @Override
    void start() throws Stop, InterruptedException {
        Starting start = new Starting(this);
        start.validate(source);
        registryOpened = true;
        partitions.saved(lease.take());
        failed.open();
        meshOpened = true;
        // records wait in the publisher for its window, and this process may be stopped for a while meanwhile
        publisher.onlyWhile(registry::held);
        start.open(() -> publisher.open(settings.connectTimeout()));
        sourceStarted = true;
        start.untilConnected(starting, Outcome.CONFIGURATION, () -> source.start(partitions));
    }

    @Override
    String process() throws Stop, InterruptedException {
        lastRecord = System.nanoTime();
        calledAt = lastRecord;
        commits.begin(lastRecord);
        while (!draining()) {
            advance();
            long now = System.nanoTime();
            if (now - nextLag >= 0) {
                nextLag = now + LAG_INTERVAL;
                lag = askLag();
            }
            commitWhenDue(now);
            boolean allowed = rate.available(now) >= rate.worthwhile();
            if (!outbox.ready() || !allowed || !wasAllowed || polling.trouble() != null) {
                // nothing could be read until now, so nobody knows what would have come
                lastRecord = now;
            }
            wasAllowed = outbox.ready() && allowed;
            if (commits.held() == 0 && exhausted) {
                return "the source has nothing more";
            }
            if (commits.held() == 0 && now - lastRecord >= idleLimit) {
                return "nothing came for " + text(settings.untilIdle().orElseThrow());
            }
            boolean isRoom = roomForPoll() > 0;
            boolean isEnough = room.isEnough(outbox.unaccepted());
            if (exhausted || !isRoom || isEnough || !wasAllowed || now - pollAt < 0 || outbox.overloaded()) {
                idle(now);
                long longest = allowed ? LONGEST_WAIT : Math.min(LONGEST_WAIT, rate.delay(now, rate.worthwhile()));
                await(!isRoom ? outbox.unaccepted() / 2 : isEnough ? room.enough() : 0, longest);
            } else if (quiet && commits.held() > 0 && await(0, pause)) {
                // Nothing new: answers of the mesh come first, then the source, each for a little longer than before
                pause = SHORTEST_WAIT;
            } else {
                pollNext(now);
            }
        }
        return "stopped on request";
    }

    private void pollNext(long now) throws Stop, InterruptedException {
        long wait;
        if (commits.held() == 0) {
            wait = Math.min(LONGEST_WAIT, idleLimit - (now - lastRecord));
        } else {
            wait = quiet && !settings.strictOrder() ? pause : 0;
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

    /** Everything but what calls the source: failures, retries, dead letters. */
    void advance() throws Stop, InterruptedException {
        handover.rethrow();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long now = System.nanoTime();
        outbox.advance(now, refusals.open);
        if (outbox.leaseUnsure()) {
            commits.checkLease();
        }
        refusals.advance(now);
        if (settings.strictOrder() && outbox.ready() && outbox.unaccepted() > 0) {
            sendHeads();
        }
    }

    /** With strict order: the first record of each partition, and no other one. */
    private void sendHeads() {
        commits.collect();
        tracker.heads(entry -> {
            if (!entry.sent && !entry.isRefused()) {
                outbox.send(entry);
            }
        });
        outbox.flush();
    }

    private long askLag() {
        try {
            return source.lag();
        } catch (RuntimeException unknown) {
            LOG.debug("the source doesn't know its lag", unknown);
            return -1;
        }
    }

    /** How many records may be polled now; 0 while too little room is left for a poll that is worth it. */
    private int roomForPoll() {
        return room.forPoll(outbox.unaccepted(), commits.held(), commits.bytes());
    }

    /** Takes in what the source has; returns how many records that were, -1 when reading failed. */
    private int poll(long wait) throws Stop, InterruptedException {
        List<SourceRecord> records;
        long begin = System.nanoTime();
        try {
            int most = Math.min(roomForPoll(), rate.available(begin));
            records = source.poll(Math.max(1, most), Duration.ofNanos(wait));
            polling.worked();
        } catch (Exception error) {
            failed(error);
            return -1;
        } finally {
            calledAt = System.nanoTime();
        }
        if (records == null) {
            throw new Stop(Outcome.FAILED, "reading from the source failed: the connector answers nothing (null) when it is"
                    + " polled, which is a bug in it");
        }
        if (records.isEmpty()) {
            long early = wait - (System.nanoTime() - begin);
            if (early > 0) {
                // a source that doesn't wait must not make the worker spin
                await(-1, Math.min(early, 4 * SHORTEST_WAIT));
            }
            return 0;
        }
        arrivals.take(records);
        return records.size();
    }

    private void failed(Exception error) throws Stop, InterruptedException {
        if (error instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        handover.rethrow();
        if (Errors.isFinal(error)) {
            throw new Stop(Outcome.FAILED, "reading from the source failed: " + Errors.sentence(error));
        }
        pollAt = System.nanoTime() + polling.failed(error);
    }

    /** Lets the source do what it has to do all the time, although nothing can be polled. */
    private void idle(long now) throws Stop, InterruptedException {
        if (now - calledAt < IDLE_INTERVAL) {
            return;
        }
        try {
            source.idle();
        } catch (Exception error) {
            failed(error);
        } finally {
            calledAt = System.nanoTime();
        }
    }

    /**
     * Waits as {@link Outbox#await}, but no longer than until a commit, poll, retry or dead letter is due.
     *
     * @param most -1 to wait for time only
     * @return whether there is something to do for {@code advance} or a commit
     */
    private boolean await(int most, long nanos) {
        long now = System.nanoTime();
        long end = Math.min(now + nanos, Math.min(outbox.dueAt(now, 4 * SHORTEST_WAIT), refusals.dueAt()));
        if (outbox.unaccepted() < commits.held()) {
            end = Math.min(end, commits.dueAt());
        }
        if (now - pollAt < 0) {
            end = Math.min(end, pollAt);
        }
        // the refused ones are unaccepted until it is their turn, which comes with the last other one
        int goal = most < 0 ? -1 : Math.max(most, refusals.open.size());
        return outbox.await(goal, end, () -> finishing || !draining());
    }

    /** Commits at once when nothing is going on, else at the interval, or when much is held that a commit would free. */
    private void commitWhenDue(long now) throws Stop {
        int held = commits.held();
        int open = outbox.unaccepted();
        if (held == open && !commits.dropping() || !commits.possible(now)) {
            return;
        }
        if (quiet && open == 0 || commits.due(now) || muchIsHeld(held, held - open)) {
            commits.commit(now);
        }
    }

    /** @param accepted of what is held */
    private boolean muchIsHeld(int held, int accepted) {
        int much = Math.max(1, settings.inFlightMaxRecords() / 2);
        boolean full = accepted >= held / 2 && roomForPoll() == 0;
        if (accepted < much && !full) {
            return false;
        }
        // a record that isn't accepted may hold up those after it: a commit would free nothing then
        int collected = commits.collected();
        return collected >= much || full && collected >= held / 2;
    }

    @Override
    int finish() throws Stop, InterruptedException {
        finishing = true;
        while (commits.held() > 0 && drainTimeLeft() > 0) {
            advance();
            long now = System.nanoTime();
            if (commits.possible(now) && (outbox.unaccepted() == 0 || commits.due(now))) {
                commits.commit(now);
            }
            if (commits.held() > 0) {
                await(0, Math.min(drainTimeLeft(), LONGEST_WAIT));
            }
        }
        if (commits.held() > 0 || commits.dropping()) {
            // an abort has interrupted the thread, and that would break the files that are written now
            Thread.interrupted();
            commits.commit(System.nanoTime());
        }
        return commits.held();
    }

    @Override
    void salvage() {
        if (sourceStarted && (commits.held() > 0 || commits.dropping())) {
            attempt("saving what the mesh has accepted", () -> commits.commit(System.nanoTime()));
        }
    }

    @Override
    void close() {
        tracker.unaccepted(SourceWorker::reject);
        if (sourceStarted) {
            attempt("closing the source", source::close);
        }
        if (meshOpened) {
            attempt("closing the connection to the mesh", publisher::close);
        }
        failed.close();
        if (registryOpened) {
            attempt("closing the registry", registry::close);
        }
    }

    private static void reject(Entry entry) {
        try {
            entry.rejected(entry.isRefused()
                    ? entry.trouble.refusal
                    : new RetryableException("the worker stops; send it again"));
        } catch (RuntimeException broken) {
            LOG.debug("rejecting a record failed", broken);
        }
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
        String unsure = outbox.trouble();
        return unsure != null ? unsure : super.trouble();
    }

    @Override
    long inFlight() {
        return commits.held();
    }

    @Override
    long lag() {
        return lag;
    }
}
