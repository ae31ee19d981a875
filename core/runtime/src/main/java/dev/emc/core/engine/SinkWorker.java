package dev.emc.core.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;
import dev.emc.core.engine.MeshSubscriber.Delivery;
import dev.emc.core.observe.WorkerMetrics;

/**
 * Moves records from the mesh to a sink: received → written → acknowledged. What the target has not confirmed is never
 * acknowledged, so that whatever happens, the mesh delivers it again.
 */
public final class SinkWorker extends ConnectorWorker {

    private static final long IDLE_TICK = TimeUnit.MILLISECONDS.toNanos(100);
    /** A batch that lingers goes when nothing came for that long: the stream is idle then. */
    private static final long GAP = TimeUnit.MILLISECONDS.toNanos(2);

    private final Sink sink;
    private final MeshSubscriber subscriber;
    private final long lingerNanos;

    /** Guards all up to the next blank line. */
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private final Map<Item, Item> byIdentity = new HashMap<>();
    private long queueBytes;
    private int heldRecords;
    private long heldBytes;
    private boolean paused;
    /** The run thread sleeps until the queue is that long; 0: it doesn't sleep. */
    private int wakeAt;
    private long lastReceived;
    private String unreadable;

    private final Attempts starting = new Attempts("starting the sink", backoff());
    private final Attempts writing = new Attempts("writing to the target", backoff());
    private final Attempts ticking = new Attempts("the sink's own work", backoff());

    private volatile int inFlight;
    private int batchRecords;
    private boolean finishing;
    private boolean sinkStarted;
    private boolean meshOpened;
    private long tickAt;

    public SinkWorker(String name, Sink sink, MeshSubscriber subscriber, WorkerSettings settings, WorkerMetrics metrics) {
        super(name, settings, metrics);
        this.sink = sink;
        this.subscriber = subscriber;
        this.lingerNanos = settings.batchLinger().toNanos();
        metrics.gauges(this::inFlight, this::lag);
    }

    @Override
    void start() throws Stop, InterruptedException {
        SinkContext context = new Context(name, settings.topics());
        sinkStarted = true;
        untilConnected(starting, Outcome.CONFIGURATION, () -> sink.start(context));
        batchRecords = settings.strictOrder() && !sink.ordered() ? 1 : settings.batchMaxRecords();
        meshOpened = true;
        openMesh(() -> subscriber.open(new Intake(), connectTimeout()));
        // idle is only what comes, or doesn't come, from now on
        lock.lock();
        try {
            lastReceived = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    @Override
    String process() throws Stop, InterruptedException {
        long idleLimit = settings.untilIdle().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        List<Item> batch = new ArrayList<>();
        while (!draining()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            take(batch, Math.min(IDLE_TICK, idleLimit));
            if (!batch.isEmpty()) {
                if (!write(batch)) {
                    break;
                }
            } else if (!draining()) {
                if (!subscriber.state().ready()) {
                    // nobody knows what would come
                    notIdle();
                } else if (sinceReceived() >= idleLimit) {
                    return "nothing came for " + SourceWorker.text(settings.untilIdle().orElseThrow());
                }
                tick();
            }
        }
        return "stopped on request";
    }

    private long sinceReceived() {
        lock.lock();
        try {
            return System.nanoTime() - lastReceived;
        } finally {
            lock.unlock();
        }
    }

    private void notIdle() {
        lock.lock();
        try {
            lastReceived = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    private void tick() throws Stop, InterruptedException {
        if (System.nanoTime() - tickAt < 0) {
            return;
        }
        try {
            sink.idle();
            ticking.worked();
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception error) {
            if (Errors.isFinal(error)) {
                throw new Stop(Outcome.FAILED, "the sink failed: " + Errors.sentence(error));
            }
            tickAt = System.nanoTime() + ticking.failed(error);
        }
    }

    /** Takes the next batch out of the queue; empty when nothing came within this time. */
    private void take(List<Item> batch, long nanos) throws Stop {
        batch.clear();
        lock.lock();
        try {
            if (queue.isEmpty() && !draining()) {
                sleep(1, nanos);
            }
            if (unreadable != null) {
                throw new Stop(Outcome.FAILED, unreadable);
            }
            linger();
            long bytes = 0;
            while (batch.size() < batchRecords) {
                Item item = queue.peekFirst();
                if (item == null || bytes + item.bytes > settings.batchMaxBytes() && !batch.isEmpty()) {
                    break;
                }
                queue.removeFirst();
                bytes += item.bytes;
                batch.add(item);
            }
            queueBytes -= bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for more as long as more keeps coming, up to the batch's limits. */
    private void linger() {
        if (lingerNanos == 0 || queue.isEmpty()) {
            return;
        }
        long end = queue.peekFirst().receivedAt + lingerNanos;
        while (queue.size() < batchRecords && queueBytes < settings.batchMaxBytes() && !paused && !draining()) {
            int before = queue.size();
            sleep(batchRecords, Math.min(end - System.nanoTime(), GAP));
            if (queue.size() == before) {
                return;
            }
        }
    }

    /** Gives the lock up until the queue is that long, nothing more may come, or the time is over. */
    private void sleep(int untilSize, long nanos) {
        long end = System.nanoTime() + nanos;
        long left = nanos;
        while (left > 0 && queue.size() < untilSize && unreadable == null && !paused && !draining()
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

    /**
     * Writes a batch and acknowledges what the target has confirmed; again and again until all of it is.
     *
     * @return false when there was no more time for that
     */
    private boolean write(List<Item> batch) throws Stop, InterruptedException {
        metrics.batch(batch.size());
        List<Item> rest = batch;
        while (!rest.isEmpty()) {
            List<ConnectorRecord> records = new ArrayList<>(rest.size());
            for (Item item : rest) {
                records.add(item.record);
            }
            List<Failure> failures;
            long begin = System.nanoTime();
            try {
                failures = sink.put(records);
            } catch (InterruptedException interrupted) {
                throw interrupted;
            } catch (Exception error) {
                if (error instanceof FatalException) {
                    throw new Stop(Outcome.FAILED, "writing to the target failed: " + Errors.sentence(error));
                }
                if (error instanceof PermanentException) {
                    throw new Stop(Outcome.FAILED, describe(rest) + " can't be written: " + Errors.sentence(error));
                }
                if (!retryLater(error, rest.size())) {
                    return false;
                }
                continue;
            }
            metrics.deliveryTook(System.nanoTime() - begin);
            if (failures.isEmpty()) {
                writing.worked();
                done(rest);
                return true;
            }
            rest = retain(rest, failures);
            if (rest == null) {
                return false;
            }
        }
        return true;
    }

    /**
     * Acknowledges all but the failures and waits until they may be tried again.
     *
     * @return what has to be written again, in its order; null when there is no more time for that
     */
    private List<Item> retain(List<Item> batch, List<Failure> failures) throws Stop, InterruptedException {
        Map<ConnectorRecord, Exception> errors = new IdentityHashMap<>();
        failures.forEach(failure -> errors.put(failure.record(), failure.error()));
        List<Item> written = new ArrayList<>(batch.size());
        List<Item> rest = new ArrayList<>(errors.size());
        Item bad = null;
        for (Item item : batch) {
            Exception error = errors.get(item.record);
            if (error == null) {
                written.add(item);
            } else {
                rest.add(item);
                bad = bad == null && Errors.isFinal(error) ? item : bad;
            }
        }
        done(written);
        if (bad != null) {
            throw new Stop(Outcome.FAILED,
                    describe(List.of(bad)) + " can't be written: " + Errors.sentence(errors.get(bad.record)));
        }
        return rest.isEmpty() || retryLater(errors.get(rest.get(0).record), rest.size()) ? rest : null;
    }

    /** Waits until the next attempt is due; false when the worker has to end before. */
    private boolean retryLater(Exception error, int records) throws InterruptedException {
        long end = System.nanoTime() + writing.failed(error);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            if (draining() || finishing) {
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
        metrics.retried(records);
        return true;
    }

    /** The target has confirmed these records. */
    private void done(List<Item> items) {
        if (items.isEmpty()) {
            return;
        }
        boolean resume = false;
        lock.lock();
        try {
            for (Item item : items) {
                byIdentity.remove(item, item);
                heldBytes -= item.bytes;
            }
            heldRecords -= items.size();
            inFlight = heldRecords;
            if (paused && heldRecords <= settings.inFlightMaxRecords() / 2
                    && heldBytes <= settings.inFlightMaxBytes() / 2) {
                paused = false;
                resume = true;
            }
        } finally {
            lock.unlock();
        }
        if (resume) {
            subscriber.resume();
        }
        for (Item item : items) {
            item.delivery.acknowledge();
            item.again.forEach(Runnable::run);
        }
        metrics.delivered(items.size());
        metrics.commitTook(System.nanoTime() - items.get(0).receivedAt);
    }

    @Override
    int finish() throws Stop, InterruptedException {
        finishing = true;
        subscriber.stopIntake();
        List<Item> batch = new ArrayList<>();
        while (drainTimeLeft() > 0) {
            take(batch, 0);
            if (batch.isEmpty() || !write(batch)) {
                break;
            }
        }
        return inFlight;
    }

    @Override
    void salvage() {
        // what was written is acknowledged already
    }

    @Override
    void close() {
        if (sinkStarted) {
            attempt("closing the sink", sink::close);
        }
        if (meshOpened) {
            attempt("closing the connection to the mesh", subscriber::close);
        }
    }

    private static String describe(List<Item> batch) {
        String first = "record " + batch.get(0).record.id();
        return batch.size() == 1 ? first : "one of " + batch.size() + " records that begin with " + first;
    }

    @Override
    MeshState meshState() {
        return subscriber.state();
    }

    @Override
    String trouble() {
        for (Attempts attempts : List.of(writing, starting, ticking)) {
            String trouble = attempts.trouble();
            if (trouble != null) {
                return trouble;
            }
        }
        return null;
    }

    @Override
    long inFlight() {
        return inFlight;
    }

    /** What the sink learns at the start. */
    private record Context(String name, List<String> topics) implements SinkContext {}

    /**
     * A record that was received and not yet acknowledged. Two are equal when they are the same event, and no sender's
     * careless ids make one event of two.
     */
    private static final class Item {

        final Delivery delivery;
        final ConnectorRecord record;
        final String id;
        final String source;
        final int bytes;
        final long receivedAt;
        /** Acknowledges the same event, delivered again meanwhile; without its data, which would add up. */
        Set<Runnable> again = Set.of();

        Item(Delivery delivery, long receivedAt) {
            this.delivery = delivery;
            this.record = delivery.record();
            this.id = record.id();
            this.source = record.attribute("source");
            this.bytes = record.size();
            this.receivedAt = receivedAt;
        }

        void comesAgain(Runnable acknowledgement) {
            if (!acknowledgement.equals(delivery.acknowledgement())) {
                if (again.isEmpty()) {
                    again = new LinkedHashSet<>();
                }
                again.add(acknowledgement);
            }
        }

        @Override
        public boolean equals(Object other) {
            return this == other
                    || id != null && other instanceof Item item && id.equals(item.id) && source != null
                            && source.equals(item.source) && Objects.equals(record.topic(), item.record.topic())
                            && Arrays.equals(record.data(), item.record.data());
        }

        @Override
        public int hashCode() {
            return id == null || source == null ? System.identityHashCode(this) : id.hashCode() * 31 + source.hashCode();
        }
    }

    /** Takes deliveries on the network thread. */
    private final class Intake implements MeshSubscriber.Receiver {

        private long lost;
        private long lostToldAt;

        @Override
        public void received(Delivery delivery) {
            Item item = new Item(delivery, System.nanoTime());
            boolean duplicate = false;
            boolean wake = false;
            lock.lock();
            try {
                lastReceived = item.receivedAt;
                Item known = byIdentity.putIfAbsent(item, item);
                if (known != null) {
                    duplicate = true;
                    known.comesAgain(delivery.acknowledgement());
                } else {
                    queue.addLast(item);
                    queueBytes += item.bytes;
                    heldRecords++;
                    heldBytes += item.bytes;
                    inFlight = heldRecords;
                    if (heldRecords >= settings.inFlightMaxRecords() || heldBytes >= settings.inFlightMaxBytes()) {
                        // also when it was paused before: a resume() that was on its way may have undone it
                        paused = true;
                        subscriber.pause();
                    }
                    if (wakeAt > 0 && (queue.size() >= wakeAt || paused)) {
                        wakeAt = 0;
                        wake = true;
                    }
                }
            } finally {
                lock.unlock();
            }
            if (duplicate) {
                metrics.duplicates(1);
            } else {
                metrics.received(1);
            }
            if (wake) {
                wake();
            }
        }

        @Override
        public void unreadable(String problem, byte[] body, Runnable acknowledge) {
            if (body.length == 0) {
                // the mesh itself has lost its content: there is nothing left to keep
                tellLost(problem);
                acknowledge.run();
                metrics.received(1);
                metrics.dropped(1);
                return;
            }
            lock.lock();
            try {
                unreadable = "the mesh pushed something that is no event: " + problem;
            } finally {
                lock.unlock();
            }
            wake();
        }

        private synchronized void tellLost(String problem) {
            lost++;
            long now = System.nanoTime();
            if (lost == 1 || now - lostToldAt >= TimeUnit.MINUTES.toNanos(1)) {
                LOG.warnf("the mesh delivered an event without its content, which is lost: %s (%d so far)", problem, lost);
                lostToldAt = now;
            }
        }
    }
}
