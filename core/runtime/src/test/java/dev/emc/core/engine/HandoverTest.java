package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceRecord;
import dev.emc.core.engine.FakePublisher.Sent;
import dev.emc.core.observe.WorkerMetrics;

/** A source that gives partitions back. */
class HandoverTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Settings settings = new Settings();
    private final FakeSource source = new FakeSource();
    private final FakePublisher publisher = new FakePublisher();
    private final FakeRegistry registry = new FakeRegistry();
    private final FakeDeadLetters deadLetters = new FakeDeadLetters();
    private final WorkerMetrics metrics = new WorkerMetrics("test");
    private final List<Sent> unanswered = new CopyOnWriteArrayList<>();
    private final List<Running> started = new ArrayList<>();

    private Running start() {
        Running running = new Running(new SourceWorker("w", source, publisher, registry, Processing.NONE, deadLetters,
                settings.build(), metrics));
        started.add(running);
        return running;
    }

    @AfterEach
    void stop() {
        started.forEach(Running::close);
    }

    private static Map<String, Object> partition(String name) {
        return Map.of("p", name);
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private void release(String partition, Duration wait) throws Exception {
        source.context.release(List.of(partition(partition)), wait);
    }

    /** The mesh accepts all but records with these ids, whose answers wait. */
    private void holdBack(String... ids) {
        publisher.answer = sent -> {
            if (List.of(ids).contains(sent.record().id())) {
                unanswered.add(sent);
            } else {
                sent.done().accept(null);
            }
        };
    }

    /** Everything that came is finished, and counted once. */
    private void countsAddUp() {
        Await.until(() -> metrics.received() == metrics.delivered() + metrics.dead() + metrics.dropped() + metrics.released());
    }

    @Test
    void whereAPartitionBeginsIsSavedAtOnce() {
        settings.registryInterval = LONG;
        start();
        source.inPoll(() -> source.context.begin(List.of(new Position(partition("a"), Map.of("n", 7L)))));
        Await.until(() -> registry.saved("a") == 7);
        assertEquals(7L, source.context.position(partition("a")).orElseThrow().offset().get("n"));
    }

    @Test
    void aBeginningThatCannotBeSavedIsTriedAgain() {
        registry.saveFailures.add(new RetryableException("the disk is full"));
        start();
        source.inPoll(() -> source.context.begin(List.of(new Position(partition("a"), Map.of("n", 7L)))));
        source.inPoll(() -> source.context.begin(List.of(new Position(partition("a"), Map.of("n", 8L)))));
        Await.until(() -> registry.saved("a") == 8);
    }

    @Test
    void aReleaseWaitsForTheMeshAndCommits() {
        holdBack("a:3");
        source.has("a", 1, 3);
        start();
        Await.until(() -> unanswered.size() == 1);
        List<Long> committed = new CopyOnWriteArrayList<>();
        source.inPoll(() -> {
            release("a", LONG);
            committed.addAll(source.committed("a"));
        });
        Await.until(() -> source.committed("a").equals(numbers(1, 2)));
        assertEquals(List.of(), committed, "the release waits");
        unanswered.get(0).done().accept(null);
        Await.until(() -> committed.equals(numbers(1, 3)));
        assertEquals(3, registry.saved("a"));
        assertEquals(0, metrics.released());
        countsAddUp();
    }

    @Test
    void aReleaseSavesBeforeItCommits() {
        source.has("a", 1, 3);
        List<Long> saved = new CopyOnWriteArrayList<>();
        settings.registryInterval = LONG;
        source.beforeCommit = () -> saved.add(registry.saved("a"));
        start();
        source.inPoll(() -> release("a", LONG));
        Await.until(() -> source.committed("a").equals(numbers(1, 3)));
        assertEquals(List.of(3L), saved);
    }

    @Test
    void whatIsNotFinishedInTimeIsNeverCommitted() throws Exception {
        holdBack("a:3");
        source.has("a", 1, 5).has("b", 1, 2);
        Running running = start();
        Await.until(() -> unanswered.size() == 1);
        source.inPoll(() -> release("a", Duration.ofMillis(50)));
        Await.until(() -> metrics.released() == 3);
        assertEquals(numbers(1, 2), source.committed("a"));
        unanswered.get(0).done().accept(null);
        source.has("b", 3, 4);
        Await.until(() -> source.committed("b").equals(numbers(1, 4)));
        assertEquals(numbers(1, 2), source.committed("a"));
        assertEquals(2, registry.saved("a"));
        running.drained();
        countsAddUp();
    }

    @Test
    void aReleaseWithoutAWaitCommitsWhatIsSafe() {
        holdBack("a:3");
        settings.registryInterval = LONG;
        source.has("a", 1, 5);
        start();
        Await.until(() -> publisher.acceptedIds().size() == 4);
        source.inPoll(() -> release("a", Duration.ZERO));
        Await.until(() -> metrics.released() == 3);
        assertEquals(numbers(1, 2), source.committed("a"));
    }

    @Test
    void anAbandonedPartitionIsNotCommitted() {
        settings.registryInterval = LONG;
        holdBack("a:2", "b:1");
        source.has("a", 1, 2).has("b", 1, 1);
        start();
        Await.until(() -> unanswered.size() == 2);
        source.inPoll(() -> source.context.abandon(List.of(partition("a"))));
        Await.until(() -> metrics.released() == 2);
        unanswered.forEach(sent -> sent.done().accept(null));
        Await.until(() -> source.committed("b").equals(numbers(1, 1)));
        assertEquals(List.of(), source.committed("a"));
        assertEquals(0, registry.saved("a"));
        countsAddUp();
    }

    @Test
    void aPartitionThatComesBackStartsAfresh() {
        holdBack("a:1");
        source.has("a", 1, 3);
        start();
        Await.until(() -> publisher.acceptedIds().size() == 2);
        source.inPoll(() -> source.context.abandon(List.of(partition("a"))));
        Await.until(() -> metrics.released() == 3);
        publisher.answer = FakePublisher.ACCEPT;
        source.has("a", 1, 4);
        Await.until(() -> source.committed("a").equals(numbers(1, 4)));
        unanswered.get(0).done().accept(null);
        source.has("a", 5, 5);
        Await.until(() -> source.committed("a").equals(numbers(1, 5)));
        countsAddUp();
    }

    @Test
    void aLateFailureOfAnAbandonedRecordIsNotSentAgain() {
        holdBack("a:1", "a:2");
        source.has("a", 1, 2);
        start();
        Await.until(() -> unanswered.size() == 2);
        source.inPoll(() -> source.context.abandon(List.of(partition("a"))));
        Await.until(() -> metrics.released() == 2);
        unanswered.get(0).done().accept(FakePublisher.lost());
        unanswered.get(1).done().accept(new PermanentException("refused"));
        source.has("b", 1, 1);
        Await.until(() -> source.committed("b").equals(numbers(1, 1)));
        assertEquals(3, publisher.attempts().size());
        assertEquals(List.of(), deadLetters.kept());
        countsAddUp();
    }

    @Test
    void recordsThatWaitToBeSentAgainAreForgottenToo() {
        settings.retryInitialDelay = LONG;
        settings.retryMaxDelay = LONG;
        publisher.answer = sent -> sent.done().accept(sent.record().id().startsWith("a") ? FakePublisher.lost() : null);
        source.has("a", 1, 2);
        Running running = start();
        Await.until(() -> running.worker.status().reason().contains("sending to the mesh failed"));
        source.inPoll(() -> source.context.abandon(List.of(partition("a"))));
        Await.until(() -> metrics.released() == 2);
        source.has("b", 1, 1);
        running.drained();
        assertEquals(2, publisher.attempts().size() - source.committed("b").size());
    }

    @Test
    void aReleaseRetriesWhatTheMeshDidNotAnswer() {
        publisher.answer = sent -> sent.done().accept(sent.attempt() < 3 ? FakePublisher.lost() : null);
        source.has("a", 1, 3);
        source.afterNextPoll(() -> release("a", LONG));
        start();
        Await.until(() -> source.committed("a").equals(numbers(1, 3)));
        assertEquals(0, metrics.released());
    }

    @Test
    void aReleaseRetriesARegistryThatFails() {
        settings.registryInterval = LONG;
        registry.saveFailures.add(new RetryableException("away"));
        registry.saveFailures.add(new RetryableException("away"));
        source.has("a", 1, 3);
        source.afterNextPoll(() -> release("a", LONG));
        start();
        Await.until(() -> source.committed("a").equals(numbers(1, 3)));
        assertEquals(3, registry.saved("a"));
    }

    @Test
    void aReleaseRetriesACommitThatFails() {
        settings.registryInterval = LONG;
        source.commitFailures.add(new RetryableException("away"));
        source.has("a", 1, 3);
        source.afterNextPoll(() -> release("a", LONG));
        start();
        Await.until(() -> source.committed("a").equals(numbers(1, 3)));
        countsAddUp();
    }

    @Test
    void aReleaseWhoseCommitFailsToTheEndGivesUp() {
        settings.registryInterval = LONG;
        settings.shutdownTimeout = Duration.ofMillis(300);
        source.commitFailures.add(new RetryableException("away"));
        settings.retryInitialDelay = LONG;
        settings.retryMaxDelay = LONG;
        source.has("a", 1, 3).has("b", 1, 1);
        source.afterNextPoll(() -> release("a", Duration.ofMillis(50)));
        Running running = start();
        Await.until(() -> metrics.released() == 3);
        running.drained();
        assertEquals(List.of(), source.committed("a"));
        assertEquals(numbers(1, 1), source.committed("b"));
        countsAddUp();
    }

    @Test
    void aReleaseKeepsWhatTheMeshRefusesAsDeadLetters() {
        publisher.answer = sent -> sent.done()
                .accept(sent.record().id().equals("a:2") ? new PermanentException("refused") : null);
        source.has("a", 1, 3);
        source.afterNextPoll(() -> release("a", LONG));
        start();
        Await.until(() -> source.committed("a").equals(numbers(1, 3)));
        assertEquals(List.of("a:2"), deadLetters.ids());
        assertEquals(1, metrics.dead());
        countsAddUp();
    }

    @Test
    void aRefusalThatCannotBeKeptInTimeIsLeftToTheNextOwner() {
        for (int i = 0; i < 10_000; i++) {
            deadLetters.failures.add(new RetryableException("disk full"));
        }
        publisher.answer = sent -> sent.done()
                .accept(sent.record().id().equals("a:2") ? new PermanentException("refused") : null);
        source.has("a", 1, 3);
        source.afterNextPoll(() -> release("a", Duration.ofMillis(50)));
        start();
        Await.until(() -> metrics.released() == 2);
        deadLetters.failures.clear();
        source.has("b", 1, 1);
        Await.until(() -> source.committed("b").equals(numbers(1, 1)));
        assertEquals(numbers(1, 1), source.committed("a"));
        assertEquals(List.of(), deadLetters.kept());
        countsAddUp();
    }

    @Test
    void aReleaseWithStrictOrderSendsTheRest() {
        settings.strict = true;
        source.has("a", 1, 20);
        source.afterNextPoll(() -> release("a", LONG));
        start();
        Await.until(() -> source.committed("a").equals(numbers(1, 20)));
        assertEquals(0, metrics.released());
    }

    @Test
    void aReleaseWithinACommitCommitsWhatIsSafeByThen() {
        holdBack("a:4");
        source.has("a", 1, 4);
        source.inFirstCommit(() -> {
            unanswered.forEach(sent -> sent.done().accept(null));
            release("a", LONG);
        });
        Running running = start();
        Await.until(() -> source.committed("a").size() == 4);
        running.drained();
        assertEquals(numbers(1, 4), source.committed("a").stream().sorted().toList());
        assertEquals(4, registry.saved("a"));
        countsAddUp();
    }

    @Test
    void aCommitThatFailsAfterItGaveThePartitionUpIsNotRepeated() {
        source.has("a", 1, 3).has("b", 1, 1);
        source.inFirstCommit(() -> {
            source.context.abandon(List.of(partition("a")));
            throw new RetryableException("rebalanced");
        });
        start();
        Await.until(() -> source.committed("b").equals(numbers(1, 1)));
        assertEquals(List.of(), source.committed("a"));
        assertEquals(3, metrics.released());
        countsAddUp();
    }

    @Test
    void aDrainEndsARelease() {
        settings.shutdownTimeout = Duration.ofMillis(300);
        holdBack("a:2");
        source.has("a", 1, 3);
        Running running = start();
        Await.until(() -> unanswered.size() == 1);
        source.inPoll(() -> release("a", LONG));
        running.worker.drain();
        assertEquals(Outcome.OK, running.outcome().exitCode());
        assertEquals(numbers(1, 1), source.committed("a"));
        countsAddUp();
    }

    @Test
    void anAbortEndsARelease() {
        holdBack("a:2");
        source.has("a", 1, 3);
        Running running = start();
        Await.until(() -> unanswered.size() == 1);
        source.inPoll(() -> {
            source.releasing.countDown();
            release("a", LONG);
        });
        Await.until(() -> source.releasing.getCount() == 0);
        running.worker.abort();
        assertEquals(Outcome.FAILED, running.outcome().exitCode());
    }

    @Test
    void aLostLeaseInAReleaseEndsTheWorkerWhateverTheSourceMakesOfIt() {
        registry.saveFailures.add(new FatalException("lost its lease"));
        settings.registryInterval = LONG;
        source.has("a", 1, 3);
        source.afterNextPoll(() -> {
            try {
                release("a", LONG);
            } catch (FatalException swallowed) {
                throw new IllegalStateException("callback failed", swallowed);
            }
        });
        Outcome outcome = start().outcome();
        assertEquals(Outcome.FAILED, outcome.exitCode());
        assertTrue(outcome.message().contains("lost its lease"), outcome.message());
        assertEquals(List.of(), source.committed());
    }

    @Test
    void partitionsAreOnlyGivenUpOnTheWorkersThread() {
        Running running = start();
        Await.until(() -> source.context != null);
        try {
            release("a", LONG);
        } catch (Exception expected) {
            assertTrue(expected instanceof IllegalStateException, expected::toString);
            running.drained();
            return;
        }
        throw new AssertionError("no exception");
    }

    @Test
    void givingUpWhileClosingDoesNotWait() {
        settings.shutdownTimeout = Duration.ofMillis(100);
        holdBack("a:1");
        source.has("a", 1, 2);
        source.whenClosing = () -> release("a", LONG);
        Running running = start();
        Await.until(() -> unanswered.size() == 1);
        long begin = System.nanoTime();
        running.drained();
        assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(15));
        assertEquals(List.of(), source.committed("a"));
        countsAddUp();
    }

    @Test
    void theContextKnowsTheNewestSavedPosition() {
        source.has("a", 1, 3);
        start();
        Await.until(() -> source.committed("a").equals(numbers(1, 3)));
        List<Optional<Position>> known = new CopyOnWriteArrayList<>();
        source.inPoll(() -> known.add(source.context.position(partition("a"))));
        Await.until(() -> known.size() == 1);
        assertEquals(Optional.of(new Position(partition("a"), Map.of("n", 3))), known.get(0));
    }

    @Test
    void aPartitionThatIsGoneIsDroppedByTheRegistryOnceItsRecordsAreCommitted() {
        holdBack("a:3");
        source.has("a", 1, 3).has("b", 1, 1);
        start();
        Await.until(() -> registry.saved("a") == 2);
        source.inPoll(() -> source.context.forget(partition("a")));
        source.has("b", 2, 2);
        Await.until(() -> registry.saved("b") == 2);
        assertEquals(2, registry.saved("a"));
        unanswered.get(0).done().accept(null);
        Await.until(() -> source.committed("a").equals(numbers(1, 3)));
        Await.until(() -> registry.positions().equals(List.of(new Position(partition("b"), Map.of("n", 2)))));
        List<Optional<Position>> known = new CopyOnWriteArrayList<>();
        source.inPoll(() -> known.add(source.context.position(partition("a"))));
        Await.until(() -> known.equals(List.of(Optional.empty())));
    }

    @Test
    void aPartitionThatIsGoneIsDroppedAlsoByADrain() {
        settings.registryInterval = LONG;
        source.has("a", 1, 3);
        source.afterNextPoll(() -> source.context.forget(partition("a")));
        Running running = start();
        Await.until(() -> publisher.acceptedIds().size() == 3);
        running.drained();
        assertEquals(List.of(), registry.positions());
    }

    @Test
    void aPartitionOfWhichMoreComesIsNotGone() {
        holdBack("a:1");
        source.has("a", 1, 1);
        start();
        Await.until(() -> unanswered.size() == 1);
        source.inPoll(() -> source.context.forget(partition("a")));
        source.has("a", 2, 2);
        Await.until(() -> publisher.acceptedIds().contains("a:2"));
        unanswered.get(0).done().accept(null);
        Await.until(() -> source.committed("a").equals(numbers(1, 2)));
        assertEquals(2, registry.saved("a"));
    }

    @Test
    void aCommitThatFailsKeepsAPartitionThatIsGone() {
        source.commitFailures.add(new RetryableException("away"));
        settings.retryInitialDelay = LONG;
        settings.retryMaxDelay = LONG;
        source.has("a", 1, 2);
        source.afterNextPoll(() -> source.context.forget(partition("a")));
        Running running = start();
        Await.until(() -> running.worker.status().reason().contains("committing"));
        assertEquals(2, registry.saved("a"));
    }

    @Test
    void aSelfCoordinatedSourceNeedsNoRegistry() {
        source.selfCoordinated = true;
        registry.held = false;
        source.has("a", 1, 3);
        Running running = start();
        Await.until(() -> source.committed("a").equals(numbers(1, 3)));
        assertTrue(running.worker.status().ready(), () -> running.worker.status().reason());
        running.drained();
        assertEquals(0, registry.opens);
        assertEquals(0, registry.saves);
        assertEquals(List.of(), List.copyOf(source.context.positions()));
    }

    @Test
    void twoSelfCoordinatedWorkersOfANameRunSideBySide() {
        source.selfCoordinated = true;
        registry.holders.add(new LeaseHeldException("held", "other", Duration.ofSeconds(1)));
        source.has("a", 1, 3);
        start();
        Await.until(() -> source.committed("a").equals(numbers(1, 3)));
    }

    @Test
    void aSelfCoordinatedSourceIsToldOnlyTheUnbrokenPrefix() {
        source.selfCoordinated = true;
        holdBack("a:2");
        source.has("a", 1, 5);
        start();
        Await.until(() -> publisher.acceptedIds().size() == 4);
        Await.until(() -> source.committed("a").equals(numbers(1, 1)));
        unanswered.get(0).done().accept(null);
        Await.until(() -> source.committed("a").equals(numbers(1, 5)));
    }

    /** Three partitions wander between workers; whoever has one reads on after what was committed. */
    @Test
    void nothingIsLostWhenPartitionsWander() throws Exception {
        Random random = new Random(11);
        settings.registryInterval = Duration.ofMillis(1);
        publisher.answer = sent -> {
            int dice = random.nextInt(20);
            if (dice == 0) {
                unanswered.add(sent);
            } else {
                sent.done().accept(dice < 4 ? FakePublisher.lost() : null);
            }
        };
        source.selfCoordinated = true;
        Group group = new Group(3, 2000);
        source.script = group;
        Running running = start();
        Await.until(() -> {
            // what was held back is answered late, or after its partition went away
            while (unanswered.size() > 3) {
                unanswered.remove(0).done().accept(null);
            }
            if (group.allRead()) {
                unanswered.forEach(sent -> sent.done().accept(null));
                unanswered.clear();
            }
            return group.done();
        });
        running.drained();
        group.check(publisher.acceptedIds());
        countsAddUp();
        assertTrue(metrics.released() > 0, "some were given up");
    }

    /** A broker that takes partitions away and gives them back. */
    private final class Group implements FakeSource.Script {

        private final Random random = new Random(13);
        private final int length;
        private final long[] committed;
        private final long[] next;
        private int polls;
        private volatile boolean allRead;
        private volatile boolean done;

        Group(int partitions, int length) {
            this.length = length;
            this.committed = new long[partitions];
            this.next = new long[partitions];
        }

        @Override
        public List<SourceRecord> poll(int max) throws Exception {
            int partition = random.nextInt(next.length);
            if (++polls % 7 == 0) {
                if (random.nextBoolean()) {
                    release("p" + partition, Duration.ofMillis(random.nextInt(3)));
                } else {
                    source.context.abandon(List.of(partition("p" + partition)));
                }
                next[partition] = committed[partition];
            }
            List<SourceRecord> records = new ArrayList<>();
            while (records.size() < Math.min(max, 10) && next[partition] < length) {
                records.add(FakeSource.record("p" + partition, ++next[partition]));
            }
            allRead = LongStream.of(next).allMatch(read -> read == length);
            return records;
        }

        @Override
        public void commit(List<SourceRecord> records) {
            for (SourceRecord record : records) {
                Position position = (Position) record.progress();
                int partition = Integer.parseInt(position.partition().get("p").toString().substring(1));
                long n = (Long) position.offset().get("n");
                assertEquals(committed[partition] + 1, n, "commits have no gaps");
                committed[partition] = n;
            }
            done = LongStream.of(committed).allMatch(safe -> safe == length);
        }

        boolean allRead() {
            return allRead;
        }

        boolean done() {
            return done;
        }

        void check(List<String> accepted) {
            List<String> all = new ArrayList<>();
            for (int p = 0; p < next.length; p++) {
                for (long n = 1; n <= length; n++) {
                    all.add("p" + p + ":" + n);
                }
            }
            all.removeAll(new HashSet<>(accepted));
            assertEquals(List.of(), all, "lost");
        }
    }
}
