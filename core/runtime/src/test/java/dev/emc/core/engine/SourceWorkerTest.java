package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.Acknowledgement;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceRecord;
import dev.emc.core.engine.FakePublisher.Sent;
import dev.emc.core.engine.WorkerSettings.OnError;
import dev.emc.core.observe.WorkerMetrics;

class SourceWorkerTest {

    private final Settings settings = new Settings();
    private final FakeSource source = new FakeSource();
    private final FakePublisher publisher = new FakePublisher();
    private final FakeRegistry registry = new FakeRegistry();
    private final FakeDeadLetters deadLetters = new FakeDeadLetters();
    private Processing processing = Processing.NONE;
    private final WorkerMetrics metrics = new WorkerMetrics("test");
    private final List<Running> started = new ArrayList<>();

    private SourceWorker worker() {
        return new SourceWorker("w", source, publisher, registry, processing, deadLetters, settings.build(), metrics);
    }

    private Running start() {
        Running running = new Running(worker());
        started.add(running);
        return running;
    }

    /** Runs until the source has nothing more. */
    private Outcome runToTheEnd() {
        source.exhausted = true;
        return start().outcome();
    }

    @AfterEach
    void stop() {
        started.forEach(Running::close);
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void aRecordIsSentSavedAndCommitted() {
        source.has("a", 1, 1);
        Running running = start();
        Await.until(() -> source.committed("a").equals(List.of(1L)));
        assertEquals(List.of("a:1"), publisher.acceptedIds());
        assertEquals(1, registry.saved("a"));
        running.drained();
    }

    @Test
    void recordsAreSentAndCommittedInOrder() {
        source.has("a", 1, 500);
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(numbers(1, 500).stream().map(n -> "a:" + n).toList(), publisher.sentIds());
        assertEquals(numbers(1, 500), source.committed("a"));
        assertEquals(500, registry.saved("a"));
    }

    @Test
    void allSourceMethodsAreCalledOnTheThreadThatRuns() {
        source.has("a", 1, 300);
        Running running = start();
        Await.until(() -> source.committed("a").size() == 300);
        running.drained();
        assertEquals(Set.of(running.thread), source.threads);
    }

    @Test
    void aSourceThatCanNotBePolledIsCalledAllTheSame() {
        publisher.state = new MeshState(false, "away");
        Running running = start();
        Await.until(() -> source.idles >= 2);
        running.drained();
    }

    @Test
    void aSourceThatIsPolledIsNotCalledIdle() {
        Running running = start();
        Await.until(() -> source.polls >= 10);
        assertEquals(0, source.idles);
        running.drained();
    }

    @Test
    void whatASourceFindsWrongWhileItIsIdleIsTaken() {
        publisher.state = new MeshState(false, "away");
        source.idleFailures.add(new FatalException("thrown out of the group"));
        Outcome outcome = start().outcome();
        assertEquals("reading from the source failed: thrown out of the group", outcome.message());
    }

    @Test
    void theSourceLearnsWhereToResume() throws Exception {
        Position last = new Position(Map.of("p", "a"), Map.of("n", 41));
        registry.save(List.of(last));
        runToTheEnd();
        assertEquals(List.of(last), List.copyOf(source.resumedAt));
    }

    @Test
    void whatTheMeshHasNotAcceptedIsNeitherSavedNorCommitted() {
        CountDownLatch late = new CountDownLatch(1);
        publisher.answer = sent -> {
            if (sent.record().id().equals("a:3")) {
                later(late, sent);
            } else {
                sent.done().accept(null);
            }
        };
        source.has("a", 1, 10);
        Running running = start();
        Await.until(() -> source.committed("a").equals(List.of(1L, 2L)));
        Await.until(() -> publisher.acceptedIds().size() == 9);
        assertEquals(2, registry.saved("a"));
        late.countDown();
        Await.until(() -> source.committed("a").equals(numbers(1, 10)));
        assertEquals(10, registry.saved("a"));
        running.drained();
    }

    private static void later(CountDownLatch when, Sent sent) {
        Thread thread = new Thread(() -> {
            try {
                when.await();
                sent.done().accept(null);
            } catch (InterruptedException end) {
                // the test is over
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void aPartitionDoesNotWaitForAnotherOne() {
        publisher.answer = sent -> {
            if (!sent.record().id().startsWith("a:")) {
                sent.done().accept(null);
            }
        };
        source.has("a", 1, 1).has("b", 1, 3);
        start();
        Await.until(() -> source.committed("b").equals(numbers(1, 3)));
        assertEquals(List.of(), source.committed("a"));
        assertEquals(0, registry.saved("a"));
    }

    @Test
    void acceptanceInAnyOrderEndsInCommitsInOrder() {
        Random random = new Random(7);
        List<Sent> held = new ArrayList<>();
        publisher.answer = sent -> {
            held.add(sent);
            if (held.size() >= 20 || sent.record().id().equals("a:500")) {
                Collections.shuffle(held, random);
                held.forEach(one -> one.done().accept(null));
                held.clear();
            }
        };
        source.has("a", 1, 500);
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(numbers(1, 500), source.committed("a"));
    }

    @Test
    void aFailedRecordIsSentAgainWithTheSameId() {
        publisher.answer = sent -> sent.done().accept(sent.attempt() < 4 ? FakePublisher.lost() : null);
        source.has("a", 1, 1);
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(List.of("a:1", "a:1", "a:1", "a:1"), publisher.sentIds());
        assertEquals(3, metrics.retries());
    }

    @Test
    void lostAnswersAmongManyLoseNothing() {
        publisher.answer = sent -> sent.done()
                .accept(sent.attempt() == 1 && sent.record().id().endsWith("7") ? FakePublisher.lost() : null);
        source.has("a", 1, 1000);
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(numbers(1, 1000), source.committed("a"));
        assertEquals(100, metrics.retries());
    }

    @Test
    void anAnswerOfAnUnknownKindOfErrorIsTriedAgain() {
        publisher.answer = sent -> sent.done().accept(sent.attempt() == 1 ? new IllegalStateException("odd") : null);
        source.has("a", 1, 1);
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
    }

    @Test
    void whileTheMeshIsAwayNothingIsPolled() {
        publisher.state = new MeshState(false, "connecting");
        source.has("a", 1, 1);
        Running running = start();
        Await.until(() -> running.worker.state() == WorkerState.RUNNING);
        assertFalse(running.worker.status().ready());
        assertEquals("connecting", running.worker.status().reason());
        assertEquals(0, source.polls);
        publisher.state = new MeshState(true, "connected");
        Await.until(() -> source.committed("a").size() == 1);
        running.drained();
    }

    @Test
    void failedRecordsAreSentAtOnceWhenTheMeshIsBack() {
        settings.retryInitialDelay = Duration.ofHours(1);
        settings.retryMaxDelay = Duration.ofHours(1);
        publisher.answer = sent -> {
            if (sent.attempt() == 1) {
                publisher.state = new MeshState(false, "connection lost");
                sent.done().accept(FakePublisher.lost());
            } else {
                sent.done().accept(null);
            }
        };
        source.has("a", 1, 1);
        Running running = start();
        Await.until(() -> running.worker.status().reason().startsWith("sending to the mesh failed"));
        publisher.state = new MeshState(true, "connected");
        Await.until(() -> source.committed("a").size() == 1);
        running.drained();
    }

    @Test
    void aRecordThatTheMeshCanNeverTakeStopsTheWorkerAndIsNamed() {
        settings.onError = OnError.STOP;
        publisher.answer = sent -> sent.done()
                .accept(sent.record().id().equals("a:3") ? new PermanentException("it is too long") : null);
        source.has("a", 1, 5);
        Outcome outcome = start().outcome();
        assertEquals(new Outcome(Outcome.FAILED, "record a:3 at {p=a} {n=3} can't be sent to the mesh: it is too long"),
                outcome);
    }

    @Test
    void aFailureLeavesWhatWasAcceptedBeforeCommitted() {
        settings.onError = OnError.STOP;
        CountDownLatch others = new CountDownLatch(4);
        publisher.answer = sent -> {
            if (sent.record().id().equals("a:3")) {
                return;
            }
            sent.done().accept(null);
            others.countDown();
            if (others.getCount() == 0) {
                publisher.attempts().stream().filter(one -> one.record().id().equals("a:3")).findFirst().orElseThrow().done()
                        .accept(new PermanentException("bad"));
            }
        };
        source.has("a", 1, 5);
        assertEquals(Outcome.FAILED, start().outcome().exitCode());
        assertEquals(List.of(1L, 2L), source.committed("a"));
        assertEquals(2, registry.saved("a"));
    }

    @Test
    void aFailedSaveIsTriedAgainAndNothingIsCommittedBefore() {
        for (int i = 0; i < 3; i++) {
            registry.saveFailures.add(new RetryableException("disk full"));
        }
        source.has("a", 1, 3);
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(numbers(1, 3), source.committed("a"));
        assertTrue(registry.saves >= 4);
    }

    @Test
    void aLostLeaseStopsTheWorkerWithoutACommit() {
        for (int i = 0; i < 10; i++) {
            registry.saveFailures.add(new FatalException("the lease is lost"));
        }
        source.has("a", 1, 3);
        assertEquals(new Outcome(Outcome.FAILED, "saving progress failed: the lease is lost"), start().outcome());
        assertEquals(List.of(), source.committed("a"));
    }

    @Test
    void aFailedCommitIsTriedAgainWithTheSameRecords() {
        source.commitFailures.add(new RetryableException("busy"));
        source.commitFailures.add(new IllegalStateException("odd"));
        source.has("a", 1, 3);
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(numbers(1, 3), source.committed("a"));
    }

    @Test
    void aFailedPollIsTriedAgain() {
        source.pollFailures.add(new RetryableException("away"));
        source.pollFailures.add(new java.io.IOException("odd"));
        source.has("a", 1, 3);
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(numbers(1, 3), source.committed("a"));
    }

    @Test
    void aPollThatFailsForGoodStopsTheWorker() {
        source.pollFailures.add(new FatalException("the table is gone"));
        assertEquals(new Outcome(Outcome.FAILED, "reading from the source failed: the table is gone"), start().outcome());
    }

    @Test
    void whatIsTriedAgainShowsInTheStatus() {
        settings.retryInitialDelay = Duration.ofHours(1);
        settings.retryMaxDelay = Duration.ofHours(1);
        source.pollFailures.add(new RetryableException("server is away"));
        Running running = start();
        Await.until(() -> running.worker.status().reason().equals("reading from the source failed: server is away"));
        assertFalse(running.worker.status().ready());
        running.drained();
    }

    @Test
    void aStartThatFailsIsTriedAgainUntilItWorks() {
        settings.connectTimeout = Duration.ofSeconds(30);
        source.startFailures.add(new RetryableException("away"));
        source.startFailures.add(new RetryableException("away"));
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(3, source.starts);
    }

    @Test
    void aStartThatFailsTooLongEndsWithUnreachable() {
        for (int i = 0; i < 10_000; i++) {
            source.startFailures.add(new RetryableException("can't reach db:5432"));
        }
        assertEquals(new Outcome(Outcome.UNREACHABLE, "can't reach db:5432"), start().outcome());
        assertEquals(1, source.closes);
        assertTrue(publisher.closed);
        assertTrue(registry.closed);
    }

    @Test
    void aSourceThatCanNotWorkEndsWithConfiguration() {
        source.startFailures.add(new FatalException("no such file"));
        assertEquals(new Outcome(Outcome.CONFIGURATION, "no such file"), start().outcome());
    }

    @Test
    void aMeshThatCanNotBeReachedEndsWithUnreachable() {
        publisher.refusal = new RetryableException("mesh is away");
        assertEquals(new Outcome(Outcome.UNREACHABLE, "mesh is away"), start().outcome());
        assertEquals(0, source.starts);
    }

    @Test
    void aRegistryThatIsTakenEndsWithUnreachable() {
        registry.openFailures.add(new FatalException("worker 'w' is already running"));
        assertEquals(new Outcome(Outcome.UNREACHABLE, "worker 'w' is already running"), start().outcome());
        assertEquals(0, source.starts);
    }

    @Test
    void drainDuringTheConnectEndsWell() {
        publisher.neverOpens = true;
        Running running = start();
        Await.until(() -> running.worker.state() == WorkerState.STARTING);
        running.drained();
    }

    @Test
    void drainFinishesWhatIsInFlight() {
        CountDownLatch late = new CountDownLatch(1);
        publisher.answer = sent -> later(late, sent);
        source.has("a", 1, 5);
        Running running = start();
        Await.until(() -> publisher.attempts().size() == 5);
        running.worker.drain();
        running.worker.drain();
        Await.until(() -> running.worker.state() == WorkerState.DRAINING);
        late.countDown();
        assertEquals(new Outcome(Outcome.OK, "stopped on request"), running.outcome());
        assertEquals(numbers(1, 5), source.committed("a"));
    }

    @Test
    void drainResendsWhatFails() {
        Semaphore lost = new Semaphore(0);
        publisher.answer = sent -> sent.done().accept(lost.tryAcquire() ? null : FakePublisher.lost());
        source.has("a", 1, 3);
        Running running = start();
        Await.until(() -> metrics.retries() > 3);
        running.worker.drain();
        lost.release(3);
        assertEquals(Outcome.OK, running.outcome().exitCode());
        assertEquals(numbers(1, 3), source.committed("a"));
    }

    @Test
    void drainEndsInTimeAndLeavesTheRestUncommitted() {
        settings.shutdownTimeout = Duration.ofMillis(100);
        publisher.answer = sent -> {
            if (sent.record().id().equals("a:1")) {
                sent.done().accept(null);
            }
        };
        source.has("a", 1, 3);
        Running running = start();
        Await.until(() -> publisher.attempts().size() == 3);
        running.worker.drain();
        assertEquals(new Outcome(Outcome.OK, "stopped on request; 2 records were not finished and will be delivered again"),
                running.outcome());
        assertEquals(List.of(1L), source.committed("a"));
        assertEquals(1, registry.saved("a"));
    }

    @Test
    void abortDoesNotWait() {
        publisher.answer = FakePublisher.SILENCE;
        settings.shutdownTimeout = Duration.ofHours(1);
        source.has("a", 1, 3);
        Running running = start();
        Await.until(() -> publisher.attempts().size() == 3);
        running.worker.drain();
        running.worker.abort();
        Outcome outcome = running.outcome();
        assertEquals(Outcome.FAILED, outcome.exitCode());
        assertTrue(outcome.message().startsWith("stopped at once on request"), outcome.message());
        assertEquals(List.of(), source.committed("a"));
        assertEquals(1, source.closes);
    }

    @Test
    void theEndClosesSourceMeshAndRegistry() {
        runToTheEnd();
        assertEquals(1, source.closes);
        assertTrue(publisher.closed);
        assertTrue(registry.closed);
    }

    @Test
    void anExhaustedSourceEndsTheWorkerAfterItsLastCommit() {
        source.has("a", 1, 3);
        assertEquals(new Outcome(Outcome.OK, "the source has nothing more"), runToTheEnd());
        assertEquals(numbers(1, 3), source.committed("a"));
    }

    @Test
    void untilIdleEndsOnceNothingCame() {
        settings.untilIdle = Duration.ofMillis(50);
        source.has("a", 1, 3);
        assertEquals(new Outcome(Outcome.OK, "nothing came for 0.05s"), start().outcome());
        assertEquals(numbers(1, 3), source.committed("a"));
    }

    @Test
    void untilIdleDoesNotCountWhileTheMeshIsAway() throws Exception {
        settings.untilIdle = Duration.ofMillis(50);
        publisher.state = new MeshState(false, "connection lost");
        Running running = start();
        Thread.sleep(400);
        assertFalse(running.worker.state().ended());
        source.has("a", 1, 3);
        publisher.state = new MeshState(true, "connected");
        assertEquals(new Outcome(Outcome.OK, "nothing came for 0.05s"), running.outcome());
        assertEquals(numbers(1, 3), source.committed("a"));
    }

    @Test
    void untilIdleWaitsForWhatIsInFlight() {
        settings.untilIdle = Duration.ofMillis(20);
        AtomicInteger refusals = new AtomicInteger(30);
        publisher.answer = sent -> sent.done().accept(refusals.getAndDecrement() > 0 ? FakePublisher.lost() : null);
        source.has("a", 1, 1);
        assertEquals(Outcome.OK, start().outcome().exitCode());
        assertEquals(List.of(1L), source.committed("a"));
    }

    @Test
    void anIdleStreamCommitsWithoutWaitingForTheInterval() {
        settings.registryInterval = Duration.ofHours(1);
        Running running = start();
        for (long n = 1; n <= 5; n++) {
            long expected = n;
            source.has("a", n, n);
            Await.until(() -> registry.saved("a") == expected);
        }
        running.drained();
    }

    @Test
    void aBusyStreamCommitsAtTheInterval() {
        settings.registryInterval = Duration.ofMillis(10);
        CountDownLatch never = new CountDownLatch(1);
        publisher.answer = sent -> {
            if (sent.record().id().startsWith("stuck")) {
                later(never, sent);
            } else {
                sent.done().accept(null);
            }
        };
        // with one record that stays in flight the stream is never idle
        source.has("stuck", 1, 1).has("a", 1, 10);
        start();
        Await.until(() -> registry.saved("a") == 10);
    }

    @Test
    void aFullBudgetCommitsWithoutWaitingForTheInterval() {
        settings.registryInterval = Duration.ofHours(1);
        settings.inFlightMaxRecords = 20;
        source.has("a", 1, 1000);
        Running running = start();
        Await.until(() -> registry.saved("a") >= 900);
        running.drained();
    }

    @Test
    void aFullBudgetDoesNotHoldUpTheStream() {
        settings.registryInterval = Duration.ofHours(1);
        settings.inFlightMaxRecords = 10;
        publisher.sameThread = true;
        source.has("a", 1, 2000);
        long begin = System.nanoTime();
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertTrue(System.nanoTime() - begin < 20_000_000_000L, "400 commits");
    }

    @Test
    void aMeshThatRefusesAllIsNotSentMoreAndMore() {
        settings.retryInitialDelay = Duration.ofMillis(200);
        settings.retryMaxDelay = Duration.ofMillis(200);
        settings.batchMaxRecords = 10;
        settings.shutdownTimeout = Duration.ZERO;
        publisher.answer = sent -> sent.done().accept(new RetryableException("too fast"));
        source.has("a", 1, 1);
        start();
        Await.until(() -> metrics.retries() >= 2);
        source.has("a", 2, 1000);
        Await.until(() -> metrics.retries() >= 10);
        assertTrue(metrics.received() < 1000, metrics.received() + " received");
    }

    @Test
    void progressIsSavedForManyRecordsAtOnce() {
        source.has("a", 1, 1000);
        runToTheEnd();
        assertTrue(registry.saves < 100, registry.saves + " saves");
    }

    @Test
    void anIdleWorkerDoesNotSpin() throws InterruptedException {
        start();
        Await.until(() -> source.polls > 0);
        int before = source.polls;
        Thread.sleep(600);
        assertTrue(source.polls - before <= 10, source.polls - before + " polls in 600 ms");
    }

    @Test
    void aSourceThatDoesNotWaitDoesNotMakeTheWorkerSpin() throws InterruptedException {
        source.impatient = true;
        start();
        Await.until(() -> source.polls > 0);
        int before = source.polls;
        Thread.sleep(600);
        assertTrue(source.polls - before <= 100, source.polls - before + " polls in 600 ms");
    }

    @Test
    void aStuckMeshDoesNotMakeTheWorkerSpin() throws InterruptedException {
        publisher.answer = FakePublisher.SILENCE;
        settings.shutdownTimeout = Duration.ZERO;
        source.has("a", 1, 1);
        start();
        Await.until(() -> publisher.attempts().size() == 1);
        int before = source.polls;
        Thread.sleep(600);
        assertTrue(source.polls - before <= 30, source.polls - before + " polls in 600 ms");
    }

    @Test
    void recordsInFlightAreBounded() {
        settings.inFlightMaxRecords = 10;
        settings.shutdownTimeout = Duration.ZERO;
        publisher.answer = FakePublisher.SILENCE;
        source.has("a", 1, 100);
        Running running = start();
        Await.until(() -> publisher.attempts().size() == 10);
        assertEquals(10, running.worker.status().inFlight());
        assertTrue(source.largestPoll <= 10);
    }

    @Test
    void oneAnswerThatIsLostStopsTheStreamOnlyAtEightTimesTheLimit() {
        settings.inFlightMaxRecords = 10;
        settings.shutdownTimeout = Duration.ZERO;
        publisher.answer = sent -> {
            if (!sent.record().id().equals("a:1")) {
                sent.done().accept(null);
            }
        };
        source.has("a", 1, 200);
        Running running = start();
        Await.until(() -> publisher.acceptedIds().size() == 79);
        Await.until(() -> running.worker.status().inFlight() == 80);
        assertEquals(80, publisher.attempts().size());
    }

    @Test
    void bytesInFlightAreBounded() throws InterruptedException {
        settings.inFlightMaxBytes = 1 << 20;
        settings.batchMaxRecords = 100;
        settings.shutdownTimeout = Duration.ZERO;
        publisher.answer = FakePublisher.SILENCE;
        for (int n = 1; n <= 100; n++) {
            source.has(FakeSource.record("a", n, new byte[100_000]));
        }
        start();
        Await.until(() -> publisher.attempts().size() >= 5);
        Thread.sleep(100);
        // the first poll takes a share of the limit without knowing how long the records are
        assertTrue(publisher.attempts().size() <= 42, publisher.attempts().size() + " records of 100 kB");
    }

    @Test
    void aRecordLongerThanTheLimitGoesThrough() {
        settings.inFlightMaxBytes = 1000;
        source.has(FakeSource.record("a", 1, new byte[10_000]), FakeSource.record("a", 2, new byte[10_000]));
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(numbers(1, 2), source.committed("a"));
    }

    @Test
    void strictOrderKeepsOneInFlightPerPartition() throws InterruptedException {
        settings.strict = true;
        settings.shutdownTimeout = Duration.ZERO;
        publisher.answer = FakePublisher.SILENCE;
        source.has("a", 1, 5).has("b", 1, 5);
        start();
        Await.until(() -> publisher.attempts().size() == 2);
        Thread.sleep(50);
        assertEquals(Set.of("a:1", "b:1"), new HashSet<>(publisher.sentIds()));
        assertEquals(2, publisher.attempts().size());
    }

    @Test
    void strictOrderHoldsThroughRetries() {
        settings.strict = true;
        Random random = new Random(3);
        publisher.answer = sent -> sent.done().accept(random.nextInt(3) == 0 ? FakePublisher.lost() : null);
        source.has("a", 1, 100);
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(numbers(1, 100).stream().map(n -> "a:" + n).toList(), publisher.acceptedIds());
        assertEquals(numbers(1, 100), source.committed("a"));
    }

    @Test
    void strictOrderGoesFromOneToTheNextWithoutWaiting() {
        settings.strict = true;
        source.has("a", 1, 2000);
        long begin = System.nanoTime();
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertTrue(System.nanoTime() - begin < 20_000_000_000L, "2000 records one after the other");
    }

    @Test
    void strictOrderHoldsForRecordsWithoutPosition() {
        settings.strict = true;
        settings.shutdownTimeout = Duration.ZERO;
        publisher.answer = FakePublisher.SILENCE;
        source.has(new Handle().record("1"), new Handle().record("2"));
        start();
        Await.until(() -> publisher.attempts().size() == 1);
        assertEquals(List.of("1"), publisher.sentIds());
    }

    @Test
    void whatASourceLeftOutIsFilledIn() {
        source.has(FakeSource.record("a", 1));
        runToTheEnd();
        ConnectorRecord sent = publisher.attempts().get(0).record();
        assertEquals(Map.of("id", "a:1", "source", "emc:w", "type", "dev.emc.record"), sent.attributes());
        assertNull(sent.timestamp());
        assertEquals("topic", publisher.attempts().get(0).topic());
    }

    @Test
    void whatASourceHasSetIsKept() {
        Instant time = Instant.parse("2026-11-22T10:00:00Z");
        SourceRecord record = SourceRecord.at(new Position(Map.of(), Map.of("n", 1))).text("x").contentType("text/plain")
                .timestamp(time).topic("other").attribute("id", "i").attribute("source", "s").attribute("type", "t")
                .attribute("subject", "u").attribute("ext", 7).build();
        source.has(record);
        runToTheEnd();
        Sent sent = publisher.attempts().get(0);
        assertEquals(Map.of("id", "i", "source", "s", "type", "t", "subject", "u", "ext", 7), sent.record().attributes());
        assertEquals(time, sent.record().timestamp());
        assertEquals("text/plain", sent.record().contentType());
        assertEquals("x", sent.record().text());
        assertEquals("other", sent.topic());
    }

    @Test
    void theSourceGetsBackTheRecordsThatItGave() {
        SourceRecord record = FakeSource.record("a", 1);
        source.has(record);
        runToTheEnd();
        assertSame(record, source.committed().get(0));
    }

    @Test
    void everythingSentIsFlushed() {
        source.has("a", 1, 250);
        runToTheEnd();
        assertEquals(0, publisher.unflushed);
        assertTrue(publisher.flushes < 50, publisher.flushes + " flushes");
    }

    /** The sender of a record who waits for an answer. */
    private static final class Handle implements Acknowledgement {

        final ConcurrentLinkedDeque<String> answers = new ConcurrentLinkedDeque<>();
        volatile boolean broken;

        SourceRecord record(String id) {
            return SourceRecord.acknowledgedBy(this).attribute("id", id).text("x").build();
        }

        @Override
        public void accepted() {
            answers.add("accepted");
            if (broken) {
                throw new IllegalStateException("connection reset");
            }
        }

        @Override
        public void rejected(Exception reason) {
            answers.add("rejected: " + reason.getMessage());
        }
    }

    @Test
    void aSenderIsAnsweredOnceTheMeshHasAccepted() {
        Handle handle = new Handle();
        source.has(handle.record("1"));
        runToTheEnd();
        assertEquals(List.of("accepted"), List.copyOf(handle.answers));
        assertEquals(0, registry.saves);
        assertEquals(1, metrics.delivered());
    }

    @Test
    void aSenderIsNotAnsweredBeforeTheMeshHasAccepted() {
        Handle handle = new Handle();
        CountDownLatch late = new CountDownLatch(1);
        publisher.answer = sent -> later(late, sent);
        source.has(handle.record("1"));
        Running running = start();
        Await.until(() -> publisher.attempts().size() == 1);
        assertEquals(List.of(), List.copyOf(handle.answers));
        late.countDown();
        Await.until(() -> !handle.answers.isEmpty());
        running.drained();
        assertEquals(List.of("accepted"), List.copyOf(handle.answers));
    }

    @Test
    void aSenderIsNotKeptWaitingByAnother() {
        Handle stuck = new Handle();
        Handle handle = new Handle();
        settings.shutdownTimeout = Duration.ZERO;
        publisher.answer = sent -> {
            if (sent.record().id().equals("2")) {
                sent.done().accept(null);
            }
        };
        source.has(stuck.record("1"), handle.record("2"));
        start();
        Await.until(() -> !handle.answers.isEmpty());
        assertEquals(List.of(), List.copyOf(stuck.answers));
    }

    @Test
    void aSenderWhoseRecordIsGivenUpIsTold() {
        Handle handle = new Handle();
        settings.shutdownTimeout = Duration.ZERO;
        publisher.answer = FakePublisher.SILENCE;
        source.has(handle.record("1"));
        Running running = start();
        Await.until(() -> publisher.attempts().size() == 1);
        running.worker.drain();
        running.outcome();
        publisher.attempts().get(0).done().accept(null);
        assertEquals(List.of("rejected: the worker stops; send it again"), List.copyOf(handle.answers));
    }

    @Test
    void aSenderThatIsGoneDoesNotStopTheWorker() {
        Handle handle = new Handle();
        handle.broken = true;
        source.has(handle.record("1")).has("a", 1, 1);
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(List.of(1L), source.committed("a"));
    }

    @Test
    void aRecordWithoutPositionAndIdKeepsItsIdInRetries() {
        publisher.answer = sent -> sent.done().accept(sent.attempt() == 1 ? FakePublisher.lost() : null);
        source.has(SourceRecord.acknowledgedBy(new Handle()).text("x").build());
        runToTheEnd();
        List<String> ids = publisher.sentIds();
        assertEquals(2, ids.size());
        assertNotNull(ids.get(0));
        assertEquals(ids.get(0), ids.get(1));
    }

    @Test
    void whatWasReceivedIsDeliveredInTheEnd() {
        source.has("a", 1, 777);
        runToTheEnd();
        assertEquals(777, metrics.received());
        assertEquals(777, metrics.delivered());
    }

    @Test
    void theStatusTellsHowTheWorkerIs() {
        source.has("a", 1, 3);
        Running running = start();
        Await.until(() -> source.committed("a").size() == 3);
        Await.until(() -> running.worker.status().inFlight() == 0);
        WorkerStatus status = running.worker.status();
        assertEquals("w", status.name());
        assertEquals("test", status.connector());
        assertEquals(WorkerState.RUNNING, status.state());
        assertTrue(status.ready());
        assertEquals("connected", status.reason());
        assertEquals(3, status.received());
        assertEquals(3, status.delivered());
        running.drained();
        assertEquals(WorkerState.STOPPED, running.worker.status().state());
        assertEquals("stopped on request", running.worker.status().reason());
        assertFalse(running.worker.status().ready());
    }

    @Test
    void aWorkerRunsOnce() {
        SourceWorker worker = worker();
        source.exhausted = true;
        worker.run();
        assertThrows(IllegalStateException.class, worker::run);
    }

    @Test
    void aBugEndsTheWorkerAsFailed() {
        publisher.bug = new IllegalStateException("can't happen");
        source.has("a", 1, 1);
        Outcome outcome = start().outcome();
        assertEquals(Outcome.FAILED, outcome.exitCode());
        assertTrue(outcome.message().startsWith("an internal error: can't happen (IllegalStateException) in "),
                outcome::message);
        assertEquals(List.of(), source.committed("a"));
        assertEquals(1, source.closes);
    }

    @Test
    void untilIdleDoesNotCountWhileTheSourceCannotBeRead() throws Exception {
        settings.untilIdle = Duration.ofMillis(50);
        for (int i = 0; i < 100_000; i++) {
            source.pollFailures.add(new RetryableException("the outside system is down"));
        }
        Running running = start();
        Thread.sleep(400);
        assertFalse(running.worker.state().ended(), () -> running.outcome().toString());
        source.has("a", 1, 3);
        source.pollFailures.clear();
        assertEquals(new Outcome(Outcome.OK, "nothing came for 0.05s"), running.outcome());
        assertEquals(numbers(1, 3), source.committed("a"));
    }

    @Test
    void whatTheMeshHasAcceptedIsSavedWhenTheSourceHangsInADrain() {
        settings.registryInterval = Duration.ofHours(1);
        settings.shutdownTimeout = Duration.ofMillis(100);
        settings.batchMaxRecords = 3;
        CountDownLatch hangs = new CountDownLatch(1);
        source.has("a", 1, 4);
        source.afterPoll = () -> {
            if (source.polls > 1) {
                hangs.countDown();
                FakeSource.hang();
            }
        };
        Running running = start();
        Await.until(() -> hangs.getCount() == 0 && publisher.acceptedIds().size() == 3);
        running.drained();
        assertEquals(3, registry.saved("a"));
        assertEquals(numbers(1, 3), source.committed("a"));
    }
}
