package dev.emc.core.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import dev.emc.api.PermanentException;
import dev.emc.core.engine.MeshSubscriber.Delivery;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.observe.WorkerMetrics.Reason;

/**
 * What a sink worker has received and not finished. Network threads add to it; the worker's thread takes batches and tells
 * what is done. Stops the mesh when it holds too much.
 */
final class Intake implements MeshSubscriber.Receiver {

    /** A batch that lingers goes when nothing came for that long: the stream is idle then. */
    private static final long GAP = TimeUnit.MILLISECONDS.toNanos(2);
    /** After a batch of so many records much comes, and the next one waits for a moment for more. */
    private static final int MUCH = 16;
    /**
     * For so many, as long as they keep coming and not for long: each batch costs the target a transaction or a flush, and two
     * threads their turns.
     */
    private static final int WORTHWHILE = 256;
    private static final long SHORT_LINGER = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SHORT_GAP = TimeUnit.MICROSECONDS.toNanos(200);
    /** So many records are forgotten at a time: the network thread must not wait long for the lock. */
    private static final int PORTION = 64;

    private final ConnectorWorker worker;
    private final MeshSubscriber subscriber;
    private final WorkerMetrics metrics;
    private final int maxRecords;
    private final long maxBytes;

    /** Guards all up to the next blank line. */
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Received> queue = new ArrayDeque<>();
    private final Map<Received, Received> byIdentity = new HashMap<>();
    private long queueBytes;
    private int heldRecords;
    private long heldBytes;
    private boolean paused;
    /** The worker's thread sleeps until the queue is that long; 0: it doesn't sleep. */
    private int wakeAt;
    /** Records in the last batch. */
    private int lastBatch;
    private long lastReceived;

    private volatile int inFlight;
    private final Reminder reminder = new Reminder(System::nanoTime);
    private long empty;

    /**
     * @param maxRecords stops the mesh at so many records
     * @param maxBytes stops the mesh at so many bytes
     */
    Intake(ConnectorWorker worker, MeshSubscriber subscriber, int maxRecords, long maxBytes) {
        this.worker = worker;
        this.subscriber = subscriber;
        this.metrics = worker.metrics;
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    @Override
    public void received(Delivery delivery) {
        add(List.of(new Received(delivery, System.nanoTime())));
    }

    @Override
    public void received(List<Delivery> deliveries) {
        long now = System.nanoTime();
        List<Received> items = new ArrayList<>(deliveries.size());
        for (int i = 0; i < deliveries.size(); i++) {
            items.add(new Received(deliveries.get(i), now));
        }
        add(items);
    }

    @Override
    public void unreadable(String problem, byte[] body, Runnable acknowledge) {
        if (body.length == 0) {
            // the mesh itself has lost its content: there is nothing left to keep
            tellEmpty(problem);
            metrics.received(1);
            metrics.dropped(1, Reason.EMPTY);
            acknowledge.run();
            return;
        }
        add(List.of(new Received(body, new PermanentException(problem), acknowledge, System.nanoTime())));
    }

    private synchronized void tellEmpty(String problem) {
        empty++;
        if (reminder.due()) {
            ConnectorWorker.LOG.warnf("the mesh delivered an event without its content, which is lost: %s (%d so far)", problem,
                    empty);
        }
    }

    private void add(List<Received> items) {
        boolean wake = false;
        lock.lock();
        try {
            for (int i = 0; i < items.size(); i++) {
                add(items.get(i));
            }
            inFlight = heldRecords;
            if (heldRecords >= maxRecords || heldBytes >= maxBytes) {
                // also when it was paused before: a resume() that was on its way may have undone it
                paused = true;
                subscriber.pause();
            }
            if (wakeAt > 0 && (queue.size() >= wakeAt || paused)) {
                wakeAt = 0;
                wake = true;
            }
        } finally {
            lock.unlock();
        }
        if (wake) {
            worker.wake();
        }
    }

    private void add(Received item) {
        lastReceived = item.receivedAt;
        Received known = byIdentity.putIfAbsent(item, item);
        if (known != null) {
            known.comesAgain(item);
            metrics.duplicates(1);
            return;
        }
        // before anybody can count it as delivered
        metrics.received(1);
        queue.addLast(item);
        queueBytes += item.bytes;
        heldRecords++;
        heldBytes += item.bytes;
    }

    /** Waits until something is there, the worker has to stop, or the time is over; returns how many records are there. */
    int await(long nanos) {
        lock.lock();
        try {
            if (queue.isEmpty() && nanos > 0) {
                sleep(1, nanos);
            }
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next batch: at once when nothing more comes, else when it is full or its first record has waited for
     * {@code linger}. Without linger it waits for a moment when much comes.
     *
     * @param batch is added to; one record that is longer than {@code mostBytes} is a batch of its own
     */
    void take(List<Received> batch, int mostRecords, long mostBytes, long linger) {
        lock.lock();
        try {
            if (linger > 0) {
                linger(mostRecords, mostBytes, queue.isEmpty() ? 0 : queue.peekFirst().receivedAt + linger, GAP);
            } else if (lastBatch >= MUCH) {
                linger(Math.min(mostRecords, WORTHWHILE), mostBytes, System.nanoTime() + SHORT_LINGER, SHORT_GAP);
            }
            long bytes = 0;
            while (batch.size() < mostRecords) {
                Received item = queue.peekFirst();
                if (item == null || bytes + item.bytes > mostBytes && !batch.isEmpty()) {
                    break;
                }
                queue.removeFirst();
                bytes += item.bytes;
                batch.add(item);
            }
            queueBytes -= bytes;
            lastBatch = batch.size();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for more as long as more keeps coming without a gap, up to the batch's limits. */
    private void linger(int mostRecords, long mostBytes, long end, long gap) {
        int before = 0;
        while (queue.size() > before && queue.size() < mostRecords && queueBytes < mostBytes && !paused
                && !worker.draining()) {
            before = queue.size();
            sleep(mostRecords, Math.min(end - System.nanoTime(), gap));
        }
    }

    /** Gives the lock up until the queue is that long, nothing more may come, or the time is over. */
    private void sleep(int untilSize, long nanos) {
        long end = System.nanoTime() + nanos;
        long left = nanos;
        while (left > 0 && queue.size() < untilSize && !paused && !worker.draining()
                && !Thread.currentThread().isInterrupted()) {
            wakeAt = untilSize;
            lock.unlock();
            try {
                LockSupport.parkNanos(this, left);
            } finally {
                lock.lock();
                wakeAt = 0;
            }
            left = end - System.nanoTime();
        }
    }

    /** Acknowledges these: they are safe, or nobody wants them. */
    void done(List<Received> items) {
        boolean resume = false;
        for (int from = 0; from < items.size(); from += PORTION) {
            resume |= forget(items.subList(from, Math.min(from + PORTION, items.size())));
        }
        if (resume) {
            subscriber.resume();
        }
        items.forEach(Received::acknowledge);
    }

    /** @return whether the mesh was stopped and may go on */
    private boolean forget(List<Received> items) {
        lock.lock();
        try {
            for (Received item : items) {
                byIdentity.remove(item, item);
                heldBytes -= item.bytes;
            }
            heldRecords -= items.size();
            inFlight = heldRecords;
            boolean resume = paused && heldRecords <= maxRecords / 2 && heldBytes <= maxBytes / 2;
            paused &= !resume;
            return resume;
        } finally {
            lock.unlock();
        }
    }

    /** How many records were received and not yet acknowledged; any thread. */
    int inFlight() {
        return inFlight;
    }

    /** How long nothing came, in nanoseconds. */
    long sinceReceived() {
        lock.lock();
        try {
            return System.nanoTime() - lastReceived;
        } finally {
            lock.unlock();
        }
    }

    /** Lets {@link #sinceReceived()} begin now. */
    void notIdle() {
        lock.lock();
        try {
            lastReceived = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }
}
