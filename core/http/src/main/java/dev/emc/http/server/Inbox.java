package dev.emc.http.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.emc.api.SourceRecord;

/**
 * Requests between the network, which adds them, and a push source's {@code poll}, which takes their records. Turns callers away
 * when the worker can't keep up.
 */
public final class Inbox {

    /** The worker reads more often than that, unless it has no room or the mesh is away. */
    private static final long STALLED = TimeUnit.SECONDS.toNanos(3);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(5);

    private final int maxWaiting;
    private final long maxBytes;
    private final boolean promised;
    private final LinkedBlockingQueue<Delivery> waiting = new LinkedBlockingQueue<>();
    private final AtomicInteger waitingRecords = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    /** Of a request that has more records than were asked for. */
    private final Deque<SourceRecord> rest = new ArrayDeque<>();
    private volatile long readAt = System.nanoTime();

    /**
     * @param maxWaiting requests that may wait to be read
     * @param maxBytes of their records
     * @param promised whether callers have had their answer already, so that all is read, whether they still wait or not
     */
    public Inbox(int maxWaiting, long maxBytes, boolean promised) {
        this.maxWaiting = maxWaiting;
        this.maxBytes = maxBytes;
        this.promised = promised;
    }

    /** The answer to a caller who has to come again, 429 or 503; null when there is room. */
    public Answer refusal() {
        if (isStalled()) {
            return Answer.later(503, "no events can be taken now; send it again", LATER);
        }
        if (waiting.size() >= maxWaiting || waitingBytes.get() > maxBytes) {
            return Answer.later(429, "too many requests are waiting; send it again", SOON);
        }
        return null;
    }

    private boolean isStalled() {
        return System.nanoTime() - readAt > STALLED;
    }

    /** The source begins to take requests now. */
    public void open() {
        readAt = System.nanoTime();
    }

    /** As {@link Service#tick}: who waits while nothing is read had better come again, as nobody has what isn't read. */
    public void tick() {
        if (!promised && isStalled()) {
            giveBack();
        }
    }

    private void giveBack() {
        for (Delivery delivery = waiting.poll(); delivery != null; delivery = waiting.poll()) {
            count(delivery, -1);
            delivery.giveBack();
        }
    }

    /** The answer to a caller whose records the mesh has not taken. */
    public static Answer notTaken() {
        return Answer.later(503, "the mesh has not taken it; send it again", SOON);
    }

    /** The answer to a caller whose time is up. */
    public static Answer late() {
        return Answer.later(503, "the mesh has not taken it in time, and may still do so; send it again with the same id",
                LATER);
    }

    /** Adds a request that has records; any thread. */
    public void add(Delivery delivery) {
        count(delivery, 1);
        waiting.add(delivery);
    }

    private void count(Delivery delivery, int sign) {
        waitingRecords.addAndGet(sign * delivery.records().size());
        waitingBytes.addAndGet(sign * delivery.bytes());
    }

    /** The next records, as a source's {@code poll}: of requests whose callers still wait for them. */
    public List<SourceRecord> poll(int max, Duration wait) throws InterruptedException {
        readAt = System.nanoTime();
        List<SourceRecord> records = new ArrayList<>();
        take(records, max);
        long patience = records.isEmpty() ? wait.toNanos() : 0;
        while (records.size() < max) {
            Delivery delivery = patience > 0 ? waiting.poll(patience, TimeUnit.NANOSECONDS) : waiting.poll();
            if (delivery == null) {
                break;
            }
            patience = 0;
            count(delivery, -1);
            // nobody has been promised anything: who has gone away, or was told to come again, will do so
            if (promised || !delivery.isOver()) {
                rest.addAll(delivery.records());
                take(records, max);
            }
        }
        readAt = System.nanoTime();
        return records;
    }

    private void take(List<SourceRecord> to, int max) {
        while (to.size() < max && !rest.isEmpty()) {
            to.add(rest.remove());
        }
    }

    /** Records that wait to be read; any thread. */
    public long lag() {
        return waitingRecords.get();
    }

    /** Gives back what was not read, so that its callers send it again. */
    public void close() {
        giveBack();
        rest.forEach(record -> ((Delivery) record.progress()).rejected(null));
        rest.clear();
    }
}
