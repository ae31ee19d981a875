package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.WorkerSettings.OnError;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.observe.WorkerMetrics.Reason;

/** What a sink worker does with records that can't be delivered, with the filter, the transforms and the rate. */
class SinkFailuresTest {

    private final Settings settings = new Settings();
    private final FakeSink sink = new FakeSink();
    private final FakeSubscriber subscriber = new FakeSubscriber();
    private final FakeDeadLetters deadLetters = new FakeDeadLetters();
    private final WorkerMetrics metrics = new WorkerMetrics("test");
    private final List<Running> started = new ArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private Processing processing = Processing.NONE;

    private Running start() {
        Running running = new Running(
                new SinkWorker("w", sink, subscriber, processing, deadLetters, settings.build(), metrics));
        started.add(running);
        return running;
    }

    /** Starts, and lets the records 2 to last become one batch. */
    private Running startWithBatch(FakeSink.Put put, int last) {
        sink.put = batch -> {
            if (batch.get(0).id().equals("1")) {
                gate.await();
                return List.of();
            }
            return put.of(batch);
        };
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> sink.batches.size() == 1);
        subscriber.has(2, last);
        Await.until(() -> subscriber.pushed == last);
        gate.countDown();
        return running;
    }

    @AfterEach
    void stop() {
        gate.countDown();
        started.forEach(Running::close);
        assertEquals(metrics.received(), metrics.delivered() + metrics.dead() + metrics.dropped() + held,
                "delivered + dead + dropped = received");
    }

    private int held;

    private static List<String> ids(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList();
    }

    private static FakeSink.Put names(Exception error, String... bad) {
        return batch -> batch.stream().filter(record -> Set.of(bad).contains(record.id()))
                .map(record -> new Failure(record, error)).toList();
    }

    /** Throws for a batch with any of these records. */
    private static FakeSink.Put refuses(Exception error, String... bad) {
        return batch -> {
            if (batch.stream().anyMatch(record -> Set.of(bad).contains(record.id()))) {
                throw error;
            }
            return List.of();
        };
    }

    private static final PermanentException BAD = new PermanentException("no such column");

    @Test
    void aBatchWithABadRecordDeliversTheOthers() {
        Running running = startWithBatch(names(BAD, "3"), 6);
        Await.until(() -> subscriber.acknowledged().size() == 6);
        assertEquals(List.of("1", "2", "4", "5", "6"), sink.written());
        assertEquals(List.of("3"), deadLetters.ids());
        assertEquals(1, metrics.dead());
        assertEquals(2, sink.batches.size());
        running.drained();
    }

    @Test
    void theGoodOnesAreAcknowledgedBeforeTheBadOneIsKept() {
        List<String> before = Collections.synchronizedList(new ArrayList<>());
        deadLetters.beforeKeep = () -> before.addAll(subscriber.acknowledged());
        Running running = startWithBatch(names(BAD, "3"), 6);
        Await.until(() -> subscriber.acknowledged().size() == 6);
        assertEquals(List.of("1", "2", "4", "5", "6"), before);
        running.drained();
    }

    @Test
    void aDeadLetterSaysWhatHappened() {
        subscriber.has(FakeSubscriber.record("1", new byte[]{7}));
        sink.put = names(BAD, "1");
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 1);
        DeadLetter letter = deadLetters.kept().get(0);
        assertSame(BAD, letter.error());
        assertEquals(1, letter.attempts());
        assertEquals("w", letter.worker());
        assertEquals("test", letter.connector());
        assertArrayEquals(new byte[]{7}, letter.record().data());
        running.drained();
    }

    @Test
    void aBatchRefusedAsAWholeIsTakenApartUntilTheBadOnesAreFound() {
        Running running = startWithBatch(refuses(BAD, "17", "58"), 100);
        Await.until(() -> subscriber.acknowledged().size() == 100);
        assertEquals(List.of("17", "58"), deadLetters.ids());
        List<String> good = new ArrayList<>(ids(1, 100));
        good.removeAll(List.of("17", "58"));
        assertEquals(good, sink.written());
        assertTrue(sink.batches.size() < 40, sink.batches.size() + " puts");
        running.drained();
    }

    @Test
    void whatIsConfirmedIsNotWrittenAgain() {
        Running running = startWithBatch(refuses(BAD, "9"), 50);
        Await.until(() -> subscriber.acknowledged().size() == 50);
        assertEquals(sink.written().size(), new TreeSet<>(sink.written()).size());
        running.drained();
    }

    @Test
    void attemptsAreBounded() {
        settings.retryAttempts = 3;
        sink.put = names(new RetryableException("busy"), "1");
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 1);
        assertEquals(3, sink.batches.size());
        assertEquals(3, deadLetters.kept().get(0).attempts());
        assertEquals(2, metrics.retries());
        running.drained();
    }

    @Test
    void attemptsOfOneRecordDoNotCountForOthers() {
        settings.retryAttempts = 3;
        AtomicInteger puts = new AtomicInteger();
        Running running = startWithBatch(
                batch -> puts.incrementAndGet() == 1
                        ? names(new RetryableException("busy"), "2", "3").of(batch)
                        : names(new RetryableException("busy"), "2").of(batch),
                6);
        Await.until(() -> subscriber.acknowledged().size() == 6);
        assertEquals(List.of("2"), deadLetters.ids());
        running.drained();
    }

    @Test
    void whenABatchHasUsedItsAttemptsUpOnlyTheBadOnesAreGivenUp() {
        settings.retryAttempts = 2;
        Running running = startWithBatch(refuses(new RetryableException("busy"), "4"), 20);
        Await.until(() -> subscriber.acknowledged().size() == 20);
        assertEquals(List.of("4"), deadLetters.ids());
        assertEquals(19, sink.written().size());
        running.drained();
    }

    @Test
    void retryAfterIsHonouredAsTheLeastWait() {
        settings.retryAttempts = 2;
        long begin = System.nanoTime();
        subscriber.has(1, 1);
        sink.put = names(new RetryableException("slow down", null, Duration.ofMillis(300)), "1");
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 1);
        assertTrue(System.nanoTime() - begin >= Duration.ofMillis(300).toNanos());
        running.drained();
    }

    @Test
    void theLongestRetryAfterOfABatchCounts() {
        settings.retryAttempts = 2;
        List<Long> times = Collections.synchronizedList(new ArrayList<>());
        Running running = startWithBatch(batch -> {
            times.add(System.nanoTime());
            return batch.stream().map(record -> new Failure(record, new RetryableException("slow down", null,
                    record.id().equals("3") ? Duration.ofMillis(300) : Duration.ofMillis(1)))).toList();
        }, 4);
        Await.until(() -> subscriber.acknowledged().size() == 4);
        assertTrue(times.get(1) - times.get(0) >= Duration.ofMillis(300).toNanos());
        running.drained();
    }

    @Test
    void dropThrowsAwayAndCounts() {
        settings.onError = OnError.DROP;
        Running running = startWithBatch(names(BAD, "3"), 6);
        Await.until(() -> subscriber.acknowledged().size() == 6);
        assertEquals(1, metrics.dropped(Reason.FAILED));
        assertEquals(0, deadLetters.opens + deadLetters.keeps);
        running.drained();
    }

    @Test
    void stopEndsTheWorkerAndLeavesTheRecordToTheMesh() {
        settings.onError = OnError.STOP;
        held = 1;
        Running running = startWithBatch(names(BAD, "3"), 6);
        assertEquals(new Outcome(Outcome.FAILED, "record 3 can't be written: no such column"), running.outcome());
        assertEquals(List.of("1", "2", "4", "5", "6"), subscriber.acknowledged());
    }

    @Test
    void aFatalErrorOfOneRecordStopsTheWorker() {
        held = 1;
        Running running = startWithBatch(names(new FatalException("the table is gone"), "3"), 6);
        assertEquals(new Outcome(Outcome.FAILED, "writing to the target failed: the table is gone"), running.outcome());
        assertEquals(List.of("1", "2", "4", "5", "6"), subscriber.acknowledged());
    }

    @Test
    void aSinkThatNamesAForeignRecordStopsTheWorker() {
        held = 5;
        Running running = startWithBatch(
                batch -> List.of(new Failure(FakeSubscriber.record("3"), new RetryableException("busy"))), 6);
        assertEquals(Outcome.FAILED, running.outcome().exitCode());
        assertEquals(List.of("1"), subscriber.acknowledged());
    }

    @Test
    void nothingIsAcknowledgedBeforeItsDeadLetterIsKept() {
        for (int i = 0; i < 5; i++) {
            deadLetters.failures.add(new RetryableException("disk full"));
        }
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        deadLetters.beforeKeep = () -> acknowledged.addAll(subscriber.acknowledged());
        subscriber.has(1, 1);
        sink.put = names(BAD, "1");
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 1);
        assertEquals(List.of(), acknowledged);
        assertEquals(6, deadLetters.keeps);
        assertEquals(List.of("1"), deadLetters.ids());
        running.drained();
    }

    @Test
    void readinessSaysThatDeadLettersCanNotBeKept() {
        for (int i = 0; i < 100_000; i++) {
            deadLetters.failures.add(new RetryableException("disk full"));
        }
        subscriber.has(1, 1);
        sink.put = names(BAD, "1");
        Running running = start();
        Await.until(() -> running.worker.status().reason().equals("keeping dead letters failed: disk full"));
        assertFalse(running.worker.status().ready());
        deadLetters.failures.clear();
        Await.until(() -> running.worker.status().ready());
        running.drained();
    }

    @Test
    void aDrainDoesNotWaitForDeadLettersThatCanNotBeKept() {
        settings.shutdownTimeout = Duration.ofMillis(50);
        held = 1;
        for (int i = 0; i < 100_000; i++) {
            deadLetters.failures.add(new RetryableException("disk full"));
        }
        subscriber.has(1, 1);
        sink.put = names(BAD, "1");
        Running running = start();
        Await.until(() -> deadLetters.keeps > 0);
        running.drained();
        assertEquals(List.of(), subscriber.acknowledged());
    }

    @Test
    void deadLettersThatCanNeverBeKeptStopTheWorker() {
        held = 1;
        deadLetters.failures.add(new FatalException("the topic is forbidden"));
        subscriber.has(1, 1);
        sink.put = names(BAD, "1");
        assertEquals(new Outcome(Outcome.FAILED, "the topic is forbidden"), start().outcome());
        assertEquals(List.of(), subscriber.acknowledged());
    }

    @Test
    void aPlaceForDeadLettersThatCanNotBeUsedIsFoundAtTheStart() {
        deadLetters.refusal = new FatalException("var is no folder");
        assertEquals(new Outcome(Outcome.UNREACHABLE, "var is no folder"), start().outcome());
        assertEquals(0, sink.starts);
        assertEquals(1, deadLetters.closes);
    }

    @Test
    void aBurstOfFailuresStopsTheWorker() {
        settings.breakerFailures = 5;
        settings.breakerWindow = 10;
        held = 94;
        Running running = startWithBatch(batch -> names(BAD, batch.stream().map(ConnectorRecord::id).toArray(String[]::new))
                .of(batch), 100);
        Outcome outcome = running.outcome();
        assertEquals(Outcome.FAILED, outcome.exitCode());
        assertEquals("5 of the last 6 records failed for good, the last one because: no such column; look at the outside"
                + " system, or set breaker.failures", outcome.message());
        assertEquals(ids(2, 6), deadLetters.ids());
        assertEquals(ids(1, 6), subscriber.acknowledged());
    }

    @Test
    void aBurstAmongRefusedBatchesStopsTheWorker() {
        settings.breakerFailures = 5;
        settings.breakerWindow = 10;
        held = 94;
        Running running = startWithBatch(batch -> {
            throw BAD;
        }, 100);
        assertEquals(Outcome.FAILED, running.outcome().exitCode());
        assertEquals(ids(2, 6), deadLetters.ids());
    }

    @Test
    void failuresSpreadOverABatchDoNotStopTheWorker() {
        settings.breakerFailures = 5;
        settings.breakerWindow = 10;
        String[] everyTenth = IntStream.rangeClosed(1, 10).mapToObj(n -> "" + n * 10).toArray(String[]::new);
        Running running = startWithBatch(names(BAD, everyTenth), 100);
        Await.until(() -> subscriber.acknowledged().size() == 100);
        assertEquals(10, metrics.dead());
        running.drained();
    }

    @Test
    void anUnreadablePushBecomesADeadLetter() {
        Running running = start();
        Await.until(() -> subscriber.receiver != null);
        AtomicInteger acknowledged = new AtomicInteger();
        subscriber.receiver.unreadable("no CloudEvent", new byte[]{4, 2}, acknowledged::incrementAndGet);
        subscriber.has(1, 1);
        Await.until(() -> subscriber.acknowledged().size() == 1 && acknowledged.get() == 1);
        DeadLetter letter = deadLetters.kept().get(0);
        assertArrayEquals(new byte[]{4, 2}, letter.body());
        assertEquals("no CloudEvent", letter.reason());
        assertEquals(0, letter.attempts());
        running.drained();
    }

    @Test
    void unreadablePushesCountAsInFlight() {
        settings.inFlightMaxRecords = 2;
        sink.put = batch -> {
            gate.await();
            return List.of();
        };
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> sink.batches.size() == 1);
        subscriber.receiver.unreadable("no CloudEvent", new byte[]{4, 2}, () -> {});
        assertTrue(subscriber.isPaused());
        gate.countDown();
        Await.until(() -> metrics.dead() == 1);
        running.drained();
    }

    @Test
    void filteredRecordsAreAcknowledgedAndCounted() {
        processing = record -> Integer.parseInt(record.id()) % 2 == 0 ? record : null;
        subscriber.has(1, 10);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 10);
        assertEquals(List.of("2", "4", "6", "8", "10"), sink.written());
        assertEquals(5, metrics.dropped(Reason.FILTERED));
        running.drained();
    }

    private static ConnectorRecord changed(ConnectorRecord record) {
        return ConnectorRecord.builder().attributes(record.attributes()).attribute("type", "changed").build();
    }

    @Test
    void theSinkGetsTheTransformedRecord() {
        processing = SinkFailuresTest::changed;
        List<String> types = Collections.synchronizedList(new ArrayList<>());
        sink.put = batch -> {
            batch.forEach(record -> types.add(record.attribute("type")));
            return List.of();
        };
        subscriber.has(1, 2);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 2);
        assertEquals(List.of("changed", "changed"), types);
        running.drained();
    }

    @Test
    void theDeadLetterHoldsTheOriginal() {
        processing = SinkFailuresTest::changed;
        sink.put = names(BAD, "1");
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 1);
        assertEquals("t", deadLetters.kept().get(0).record().attribute("type"));
        running.drained();
    }

    @Test
    void aRecordThatCanNotBeTransformedBecomesADeadLetterAndTheOthersAreDelivered() {
        processing = record -> {
            if (record.id().equals("2")) {
                throw new PermanentException("it is no JSON");
            }
            return changed(record);
        };
        Running running = startWithBatch(batch -> List.of(), 4);
        Await.until(() -> subscriber.acknowledged().size() == 4);
        assertEquals(List.of("1", "3", "4"), sink.written());
        assertEquals(List.of("2"), deadLetters.ids());
        assertEquals(0, deadLetters.kept().get(0).attempts());
        running.drained();
    }

    @Test
    void aRetriedRecordIsTransformedOnce() {
        AtomicInteger transforms = new AtomicInteger();
        processing = record -> {
            transforms.incrementAndGet();
            return changed(record);
        };
        AtomicInteger puts = new AtomicInteger();
        sink.put = batch -> {
            if (puts.incrementAndGet() < 4) {
                throw new RetryableException("busy");
            }
            return List.of();
        };
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 1);
        assertEquals(1, transforms.get());
        running.drained();
    }

    @Test
    void theRateIsKept() {
        settings.recordsPerSecond = 200;
        subscriber.has(1, 100);
        long begin = System.nanoTime();
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 100);
        double seconds = (System.nanoTime() - begin) / 1e9;
        // the first record goes at once, the others 5 ms apart
        assertTrue(seconds >= 0.45, seconds + " s");
        assertTrue(sink.batches.stream().allMatch(batch -> batch.size() <= 20));
        running.drained();
    }

    @Test
    void aRateBelowOneIsKept() throws InterruptedException {
        settings.recordsPerSecond = 0.5;
        settings.shutdownTimeout = Duration.ZERO;
        held = 1;
        subscriber.has(1, 2);
        Running running = start();
        Await.until(() -> sink.written().size() == 1);
        Await.until(() -> subscriber.pushed == 2);
        Thread.sleep(300);
        assertEquals(1, sink.written().size());
        running.drained();
    }

    @Test
    void aLimitedRateTakesInNoMoreThanTwoSecondsWorth() {
        settings.recordsPerSecond = 5;
        settings.shutdownTimeout = Duration.ZERO;
        subscriber.has(1, 100);
        Running running = start();
        Await.until(subscriber::isPaused);
        assertTrue(running.worker.status().inFlight() <= 11, running.worker.status().toString());
        running.drained();
        held = (int) running.worker.status().inFlight();
    }

    @Test
    void aDrainDoesNotWaitForTheRateBeyondItsTime() {
        settings.recordsPerSecond = 0.01;
        settings.shutdownTimeout = Duration.ofMillis(100);
        held = 1;
        subscriber.has(1, 2);
        Running running = start();
        Await.until(() -> sink.written().size() == 1 && subscriber.pushed == 2);
        long begin = System.nanoTime();
        running.drained();
        assertTrue(System.nanoTime() - begin < Duration.ofSeconds(10).toNanos());
    }

    @Test
    void aDrainKeepsTheRateWhileItHasTime() {
        settings.recordsPerSecond = 20;
        subscriber.has(1, 10);
        Running running = start();
        Await.until(() -> subscriber.pushed == 10);
        running.drained();
        assertEquals(ids(1, 10), sink.written());
    }

    @Test
    void filteredRecordsDoNotUseTheRateUp() {
        settings.recordsPerSecond = 1;
        processing = record -> record.id().equals("20") ? record : null;
        long begin = System.nanoTime();
        subscriber.has(1, 20);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 20);
        assertTrue(System.nanoTime() - begin < Duration.ofSeconds(10).toNanos());
        running.drained();
    }

    @Test
    void waitingForTheRateIsNotIdle() {
        settings.recordsPerSecond = 2;
        settings.untilIdle = Duration.ofMillis(50);
        subscriber.has(1, 3);
        assertEquals(Outcome.OK, start().outcome().exitCode());
        assertEquals(ids(1, 3), sink.written());
    }

    @Test
    void aSubscriberWithNothingMoreEndsTheWorker() {
        subscriber.has(1, 5);
        subscriber.exhaustible = true;
        assertEquals(new Outcome(Outcome.OK, "nothing more comes"), start().outcome());
        assertEquals(ids(1, 5), subscriber.acknowledged());
    }

    @Test
    void allProblemsOfTheSettingsAreToldBeforeAnythingStarts() {
        sink.problems = List.of(new ConfigProblem("path", "must not be empty"),
                new ConfigProblem("format", "needs a path", "set path"));
        assertEquals(new Outcome(Outcome.CONFIGURATION,
                "connector.path: must not be empty; connector.format: needs a path (set path)"), start().outcome());
        assertEquals(0, sink.starts + deadLetters.opens);
    }

    @Test
    void aWriteThatTheDrainInterruptsIsNoFailureOfItsRecord() {
        settings.retryAttempts = 1;
        settings.onError = OnError.DROP;
        settings.shutdownTimeout = Duration.ofMillis(100);
        sink.put = batch -> {
            hang();
            return List.of();
        };
        assertNothingIsGivenUp();
    }

    @Test
    void recordsThatAnInterruptedWriteNamesAreNoFailures() {
        settings.retryAttempts = 1;
        settings.onError = OnError.DROP;
        settings.shutdownTimeout = Duration.ofMillis(100);
        sink.put = batch -> {
            try {
                hang();
            } catch (IllegalStateException error) {
                return batch.stream().map(record -> new Failure(record, error)).toList();
            }
            return List.of();
        };
        assertNothingIsGivenUp();
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("the file was closed by an interrupt");
        }
    }

    private void assertNothingIsGivenUp() {
        held = 1;
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> sink.batches.size() == 1);
        running.drained();
        assertEquals(List.of(), subscriber.acknowledged());
    }

    @Test
    void anErrorOfTheSinkEndsTheWorkerWithASentence() {
        Running running = startWithBatch(batch -> {
            throw new NoClassDefFoundError("org/example/Codec");
        }, 3);
        Outcome outcome = running.outcome();
        assertEquals(Outcome.FAILED, outcome.exitCode());
        assertTrue(outcome.message().startsWith("an internal error: org/example/Codec (NoClassDefFoundError) in "
                + "dev.emc.core.engine.SinkFailuresTest"), outcome::message);
        assertTrue(outcome.message().contains("what was not finished will be delivered again"), outcome::message);
        assertEquals(List.of("1"), subscriber.acknowledged());
        held = 2;
    }

    @Test
    void aSinkWithoutMemoryIsSaidSo() {
        Running running = startWithBatch(batch -> {
            throw new OutOfMemoryError("Java heap space");
        }, 3);
        assertTrue(running.outcome().message().startsWith("the memory is used up (Java heap space); give the process more"),
                () -> running.outcome().message());
        assertEquals(List.of("1"), subscriber.acknowledged());
        held = 2;
    }

    @Test
    void aSinkThatAnswersNullEndsTheWorkerWithASentence() {
        Running running = startWithBatch(batch -> null, 3);
        assertEquals(
                new Outcome(Outcome.FAILED, "writing to the target failed: the connector answers nothing (null) to a batch,"
                        + " which is a bug in it; nothing of the batch is acknowledged"),
                running.outcome());
        assertEquals(List.of("1"), subscriber.acknowledged());
        held = 2;
    }

    @Test
    void aTargetThatIsAwayIsNotHammeredByHalves() {
        settings.retryAttempts = 2;
        settings.retryInitialDelay = Duration.ofMillis(40);
        settings.retryMaxDelay = Duration.ofMillis(40);
        List<Long> puts = Collections.synchronizedList(new ArrayList<>());
        Running running = startWithBatch(batch -> {
            puts.add(System.nanoTime());
            throw new RetryableException("connection refused");
        }, 5);
        Await.until(() -> subscriber.acknowledged().size() == 5);
        assertEquals(List.of("2", "3", "4", "5"), deadLetters.ids());
        for (int i = 1; i < puts.size(); i++) {
            long pause = puts.get(i) - puts.get(i - 1);
            assertTrue(pause >= Duration.ofMillis(20).toNanos(), "attempt " + i + " came after " + pause + " ns");
        }
        running.drained();
    }

    @Test
    void theNextBatchWaitsForATargetThatUsedUpTheLastOne() {
        settings.retryAttempts = 1;
        settings.batchMaxRecords = 1;
        settings.retryInitialDelay = Duration.ofMillis(40);
        settings.retryMaxDelay = Duration.ofMillis(40);
        List<Long> puts = Collections.synchronizedList(new ArrayList<>());
        sink.put = batch -> {
            puts.add(System.nanoTime());
            return List.of(new Failure(batch.get(0), new RetryableException("connection refused")));
        };
        subscriber.has(1, 4);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 4);
        for (int i = 1; i < puts.size(); i++) {
            assertTrue(puts.get(i) - puts.get(i - 1) >= Duration.ofMillis(20).toNanos(), "attempt " + i);
        }
        running.drained();
    }

    @Test
    void aGoodHalfLetsTheOtherOneGoAtOnce() {
        settings.retryAttempts = 1;
        settings.retryInitialDelay = Duration.ofSeconds(1);
        settings.retryMaxDelay = Duration.ofSeconds(60);
        Running running = startWithBatch(refuses(new RetryableException("odd"), "9"), 9);
        Await.until(() -> subscriber.acknowledged().size() == 9);
        assertEquals(List.of("9"), deadLetters.ids());
        running.drained();
    }

}
