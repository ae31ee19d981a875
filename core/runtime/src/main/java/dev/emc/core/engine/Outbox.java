package dev.emc.core.engine;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.core.observe.WorkerMetrics;

/**
 * Sends records to the mesh, again and again until it has accepted or refused them; nothing while the lease is unsure. The
 * worker's thread only, but for the mesh's answers.
 */
final class Outbox {

    private final ConnectorWorker worker;
    private final MeshPublisher publisher;
    private final BooleanSupplier lease;
    private final boolean keepAccepted;
    private final String topic;
    private final WorkerMetrics metrics;
    private final Attempts publishing;

    private final AtomicInteger unaccepted = new AtomicInteger();
    private final Queue<Failed> failed = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Entry> toSend = new ArrayDeque<>();
    private final Suspects suspects = new Suspects();
    /** Times that records were sent, and that the mesh answered. */
    private int published;
    private final AtomicInteger answers = new AtomicInteger();
    /** Whether records go one by one, because one of them makes the mesh cut the connection. */
    private boolean oneByOne;
    /** Nothing was accepted since the last failure. */
    private volatile boolean trouble;
    /** The worker wants to be woken when no more than this many are unaccepted; -1: not at all. */
    private volatile int wakeAt = -1;
    private volatile boolean leaseUnsure;
    private boolean meshReady;
    private boolean delayed;
    private long resendAt;
    /** How many were unaccepted when {@link #advance} began: what was accepted since has not been looked at. */
    private int seen;

    private record Failed(Entry entry, Exception error) {}

    /**
     * @param lease whether this process is still the only active one
     * @param keepAccepted whether accepted records are needed for a commit
     */
    Outbox(ConnectorWorker worker, MeshPublisher publisher, BooleanSupplier lease, boolean keepAccepted) {
        this.worker = worker;
        this.publisher = publisher;
        this.lease = lease;
        this.keepAccepted = keepAccepted;
        this.topic = worker.settings.topics().get(0);
        this.metrics = worker.metrics;
        this.publishing = worker.attempts("sending to the mesh");
    }

    /** Records were taken in; each of them will be sent or {@link #finished}. */
    void add(int records) {
        unaccepted.addAndGet(records);
        seen += records;
    }

    /** Sends a record; {@link #flush} has to follow. */
    void send(Entry entry) {
        entry.sent = true;
        // asked for each record: this process may have been stopped since the last one
        if (oneByOne || !lease.getAsBoolean()) {
            toSend.add(entry);
            return;
        }
        publish(entry);
    }

    private void publish(Entry entry) {
        published++;
        String own = entry.record.topic();
        publisher.publish(entry.outgoing, own != null ? own : topic, error -> answered(entry, error));
    }

    /** Sent and not yet answered. */
    private int underWay() {
        return published - answers.get();
    }

    void flush() {
        publisher.flush();
    }

    /** The mesh's answer; any thread. */
    private void answered(Entry entry, Exception error) {
        answers.incrementAndGet();
        if (error != null) {
            failed.add(new Failed(entry, error));
            worker.wake();
            return;
        }
        if (!accept(entry)) {
            return;
        }
        // nobody needs it any more, and many wait for the next commit
        entry.outgoing = null;
        if (!keepAccepted) {
            entry.record = null;
        }
        if (trouble) {
            trouble = false;
        }
        if (entry.sentAt != 0) {
            metrics.deliveryTook(System.nanoTime() - entry.sentAt);
        }
        if (unaccepted.decrementAndGet() <= wakeAt) {
            // once is enough
            wakeAt = -1;
            worker.wake();
        }
    }

    /** @return whether it was still under way */
    private static boolean accept(Entry entry) {
        try {
            return entry.accepted();
        } catch (RuntimeException | Error broken) {
            ConnectorWorker.LOG.warnf("record %s is safe, but its sender could not be told: %s", entry.outgoing.id(),
                    Errors.sentence(broken));
            return true;
        }
    }

    /** The record is done without the mesh. */
    void finished(Entry entry) {
        if (accept(entry)) {
            unaccepted.decrementAndGet();
        }
    }

    /** So many records that were not accepted are under way no more. */
    void forgotten(int records) {
        unaccepted.addAndGet(-records);
        toSend.removeIf(Entry::isForgotten);
    }

    /**
     * Looks at the mesh's answers, and sends again what is due.
     *
     * @param refused is added to: records that can never be sent
     */
    void advance(long now, List<Entry> refused) throws Stop {
        seen = unaccepted.get();
        boolean couldSend = ready();
        meshReady = publisher.state().ready();
        leaseUnsure = !lease.getAsBoolean();
        if (ready() && !couldSend) {
            resendAt = now;
            suspects.connected(now);
        }
        for (Failed answer = failed.poll(); answer != null; answer = failed.poll()) {
            failed(answer.entry, answer.error, now, refused);
        }
        oneByOne = suspects.active(toSend);
        if (!toSend.isEmpty() && ready() && now - resendAt >= 0) {
            resend(now);
        }
        if (!trouble) {
            publishing.worked();
        }
    }

    private void failed(Entry entry, Exception error, long now, List<Entry> refused) throws Stop {
        if (error instanceof FatalException) {
            throw new Stop(Outcome.FAILED, "sending to the mesh failed: " + Errors.sentence(error));
        }
        if (entry.isForgotten()) {
            return;
        }
        if (error.getCause() instanceof NotConnectedException lost && lost.isCut()) {
            PermanentException guilt = suspects.cut(entry, error, now);
            if (guilt != null) {
                refuse(entry, guilt, refused);
                return;
            }
        }
        suspects.done(entry);
        boolean judged = !(error.getCause() instanceof NotConnectedException);
        if (!judged && leaseUnsure) {
            // it was on its way when the lease became unsure
            toSend.add(entry);
            return;
        }
        Entry.Trouble record = entry.trouble();
        record.attempts += judged ? 1 : 0;
        if (error instanceof PermanentException || record.attempts >= worker.settings.retryAttempts()) {
            refuse(entry, error, refused);
            return;
        }
        if (!delayed) {
            delayed = true;
            trouble = true;
            resendAt = now + publishing.failed(error);
        }
        toSend.add(entry);
    }

    private static void refuse(Entry entry, Exception why, List<Entry> refused) {
        entry.refuse(why);
        refused.add(entry);
    }

    private void resend(long now) {
        if (oneByOne) {
            if (underWay() == 0 && !suspects.isTrying() && now - suspects.dueAt(toSend, resendAt) >= 0) {
                delayed = false;
                publish(suspects.next(toSend, now));
                metrics.retried(1);
                flush();
            }
            return;
        }
        delayed = false;
        int retries = 0;
        for (int i = toSend.size(); i > 0; i--) {
            Entry entry = toSend.poll();
            retries += entry.trouble == null ? 0 : 1;
            send(entry);
        }
        metrics.retried(retries);
        flush();
    }

    /** Whether records can be sent, as far as was seen last. */
    boolean ready() {
        return meshReady && !leaseUnsure;
    }

    /** Whether the registry doesn't say for sure that this process is the only active one. */
    boolean leaseUnsure() {
        return leaseUnsure;
    }

    /** Whether the mesh refuses again and again: more records would only be refused too. */
    boolean overloaded() {
        return !oneByOne && delayed && publishing.failures() > 1;
    }

    /** Records that were taken in and that the mesh has not accepted. */
    int unaccepted() {
        return unaccepted.get();
    }

    /** Why nothing is sent although the mesh is there; null when nothing is wrong. Any thread. */
    String trouble() {
        return leaseUnsure
                ? "nothing is sent until the registry confirms that this worker is the only active one"
                : null;
    }

    /** When to {@link #advance} at the latest. */
    long dueAt(long now, long tick) {
        if (!ready()) {
            return now + tick;
        }
        if (!oneByOne) {
            return toSend.isEmpty() ? Long.MAX_VALUE : resendAt;
        }
        return underWay() > 0 ? now + tick : suspects.dueAt(toSend, resendAt);
    }

    /**
     * Waits until no more than {@code most} records are unaccepted (with strict order: until any was accepted) and at least
     * one was accepted since {@link #advance}, or something failed, or the time is over.
     *
     * @param most -1 to wait for time only
     * @param goOn whether to go on waiting
     * @return whether there is something to do for {@code advance} or a commit
     */
    boolean await(int most, long end, BooleanSupplier goOn) {
        int goal = most < 0 ? -1 : worker.settings.strictOrder() || oneByOne ? seen - 1 : Math.min(most, seen - 1);
        try {
            while (goOn.getAsBoolean()) {
                // in each round: who wakes this thread, perhaps for an earlier wait, takes it away
                wakeAt = goal;
                if (goal >= 0 && unaccepted.get() <= goal || !failed.isEmpty()) {
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
}
