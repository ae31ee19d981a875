package dev.emc.core.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.emc.api.ConfigProblem;
import dev.emc.api.Position;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;

/** A source whose records the test gives. */
final class FakeSource implements Source {

    private final ArrayDeque<SourceRecord> waiting = new ArrayDeque<>();
    private final List<SourceRecord> committed = new ArrayList<>();
    final Queue<Exception> startFailures = new ConcurrentLinkedQueue<>();
    final Queue<Exception> pollFailures = new ConcurrentLinkedQueue<>();
    final Queue<Exception> commitFailures = new ConcurrentLinkedQueue<>();
    final Set<Thread> threads = Collections.synchronizedSet(new LinkedHashSet<>());
    volatile Collection<Position> resumedAt;
    volatile boolean exhausted;
    volatile boolean impatient;
    volatile int polls;
    volatile int idles;
    final Queue<Exception> idleFailures = new ConcurrentLinkedQueue<>();
    volatile int largestPoll;
    volatile List<ConfigProblem> problems = List.of();
    volatile Runnable afterPoll = () -> {};
    volatile SourceContext context;
    volatile boolean selfCoordinated;
    volatile Runnable beforeCommit = () -> {};
    volatile Step whenClosing = () -> {};
    /** Reads and commits in place of this source. */
    volatile Script script;
    final CountDownLatch releasing = new CountDownLatch(1);
    private final Queue<Step> polling = new ConcurrentLinkedQueue<>();
    private final Queue<Step> pollingNext = new ConcurrentLinkedQueue<>();
    private final Queue<Step> committing = new ConcurrentLinkedQueue<>();
    volatile int starts;
    volatile int closes;

    /** Something that a source does in one of its methods. */
    interface Step {

        void run() throws Exception;
    }

    /** A whole source. */
    interface Script {

        List<SourceRecord> poll(int max) throws Exception;

        void commit(List<SourceRecord> records);
    }

    /** Does something at the beginning of the next poll. */
    void inPoll(Step step) {
        polling.add(step);
    }

    /** Does something at the beginning of the poll after the next one that has records. */
    void afterNextPoll(Step step) {
        pollingNext.add(step);
    }

    /** Does something in the next commit, before that has an effect. */
    void inFirstCommit(Step step) {
        committing.add(step);
    }

    private static void run(Queue<Step> steps) throws Exception {
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            step.run();
        }
    }

    @Override
    public boolean selfCoordinated() {
        return selfCoordinated;
    }

    static SourceRecord record(String partition, long n) {
        return record(partition, n, new byte[]{1});
    }

    static SourceRecord record(String partition, long n, byte[] data) {
        return SourceRecord.at(new Position(Map.of("p", partition), Map.of("n", n))).data(data).build();
    }

    /** The id that the worker gives to such a record. */
    static String id(String partition, long n) {
        return partition + ":" + n;
    }

    synchronized FakeSource has(SourceRecord... records) {
        waiting.addAll(List.of(records));
        notifyAll();
        return this;
    }

    /** Records first to last of a partition. */
    FakeSource has(String partition, long first, long last) {
        for (long n = first; n <= last; n++) {
            has(record(partition, n));
        }
        return this;
    }

    @Override
    public List<ConfigProblem> validate() {
        return problems;
    }

    @Override
    public void start(SourceContext context) throws Exception {
        threads.add(Thread.currentThread());
        starts++;
        this.context = context;
        resumedAt = context.positions();
        fail(startFailures);
    }

    private static void fail(Queue<Exception> failures) throws Exception {
        Exception failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws Exception {
        run(polling);
        if (script != null) {
            return script.poll(max);
        }
        List<SourceRecord> records = read(max, wait);
        if (!records.isEmpty()) {
            polling.addAll(pollingNext);
            pollingNext.clear();
        }
        return records;
    }

    private synchronized List<SourceRecord> read(int max, Duration wait) throws Exception {
        threads.add(Thread.currentThread());
        polls++;
        largestPoll = Math.max(largestPoll, max);
        fail(pollFailures);
        long deadline = System.nanoTime() + wait.toNanos();
        while (waiting.isEmpty() && !impatient) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                break;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        List<SourceRecord> records = new ArrayList<>();
        while (records.size() < max && !waiting.isEmpty()) {
            records.add(waiting.poll());
        }
        if (!records.isEmpty()) {
            afterPoll.run();
        }
        return records;
    }

    @Override
    public void idle() throws Exception {
        threads.add(Thread.currentThread());
        idles++;
        fail(idleFailures);
    }

    /** Waits for the interrupt that ends it. */
    static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException interrupted) {
            FakeSource.<RuntimeException>rethrow(interrupted);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> void rethrow(Exception any) throws E {
        throw (E) any;
    }

    @Override
    public void commit(List<SourceRecord> accepted) throws Exception {
        threads.add(Thread.currentThread());
        beforeCommit.run();
        run(committing);
        fail(commitFailures);
        if (script != null) {
            script.commit(accepted);
        }
        synchronized (this) {
            committed.addAll(accepted);
        }
    }

    @Override
    public boolean exhausted() {
        threads.add(Thread.currentThread());
        synchronized (this) {
            return exhausted && waiting.isEmpty();
        }
    }

    @Override
    public long lag() {
        threads.add(Thread.currentThread());
        synchronized (this) {
            return waiting.size();
        }
    }

    @Override
    public void close() throws Exception {
        threads.add(Thread.currentThread());
        whenClosing.run();
        closes++;
    }

    /** Offsets that were committed in this partition. */
    synchronized List<Long> committed(String partition) {
        return committed.stream().map(record -> (Position) record.progress())
                .filter(position -> position.partition().get("p").equals(partition))
                .map(position -> (Long) position.offset().get("n")).toList();
    }

    synchronized List<SourceRecord> committed() {
        return new ArrayList<>(committed);
    }
}
