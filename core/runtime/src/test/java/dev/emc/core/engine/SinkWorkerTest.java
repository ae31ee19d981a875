package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.WorkerSettings.OnError;
import dev.emc.core.observe.WorkerMetrics;

class SinkWorkerTest {

    private final Settings settings = new Settings();
    private final FakeSink sink = new FakeSink();
    private final FakeSubscriber subscriber = new FakeSubscriber();
    private final FakeDeadLetters deadLetters = new FakeDeadLetters();
    private Processing processing = Processing.NONE;
    private final WorkerMetrics metrics = new WorkerMetrics("test");
    private final List<Running> started = new ArrayList<>();

    private Running start() {
        Running running = new Running(
                new SinkWorker("w", sink, subscriber, processing, deadLetters, settings.build(), metrics));
        started.add(running);
        return running;
    }

    @AfterEach
    void stop() {
        started.forEach(Running::close);
    }

    private static List<String> ids(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList();
    }

    /** A put that waits until the test lets it go. */
    private FakeSink.Put blocked(CountDownLatch latch) {
        return batch -> {
            latch.await();
            return List.of();
        };
    }

    @Test
    void aRecordIsWrittenAndAcknowledged() {
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().equals(List.of("1")));
        assertEquals(List.of("1"), sink.written());
        running.drained();
    }

    @Test
    void recordsAreWrittenAndAcknowledgedInOrder() {
        subscriber.has(1, 1000);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 1000);
        assertEquals(ids(1, 1000), sink.written());
        assertEquals(ids(1, 1000), subscriber.acknowledged());
        running.drained();
    }

    @Test
    void nothingIsAcknowledgedBeforeItIsWritten() {
        CountDownLatch latch = new CountDownLatch(1);
        sink.put = blocked(latch);
        subscriber.has(1, 5);
        Running running = start();
        Await.until(() -> !sink.batches.isEmpty() && subscriber.pushed == 5);
        assertEquals(List.of(), subscriber.acknowledged());
        latch.countDown();
        Await.until(() -> subscriber.acknowledged().size() == 5);
        running.drained();
    }

    @Test
    void allSinkMethodsAreCalledOnTheThreadThatRuns() {
        subscriber.has(1, 100);
        Running running = start();
        Await.until(() -> sink.idles > 0);
        running.drained();
        assertEquals(Set.of(running.thread), sink.threads);
    }

    @Test
    void theSinkIsStartedBeforeTheMeshDelivers() {
        sink.startFailures.add(new FatalException("no such table"));
        assertEquals(new Outcome(Outcome.CONFIGURATION, "no such table"), start().outcome());
        assertEquals(List.of(), List.copyOf(subscriber.calls));
        assertEquals(1, sink.closes);
    }

    @Test
    void recordsThatWaitMakeABatch() {
        CountDownLatch latch = new CountDownLatch(1);
        sink.put = blocked(latch);
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> sink.batches.size() == 1);
        subscriber.has(2, 50);
        Await.until(() -> subscriber.pushed == 50);
        latch.countDown();
        Await.until(() -> subscriber.acknowledged().size() == 50);
        assertEquals(List.of(ids(1, 1), ids(2, 50)), sink.batches);
        running.drained();
    }

    @Test
    void aBatchHasNoMoreRecordsThanAllowed() {
        settings.batchMaxRecords = 7;
        subscriber.has(1, 100);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 100);
        assertTrue(sink.batches.stream().allMatch(batch -> batch.size() <= 7));
        running.drained();
    }

    @Test
    void aBatchHasNoMoreBytesThanAllowedButForOneLongRecord() {
        settings.batchMaxBytes = 3000;
        CountDownLatch latch = new CountDownLatch(1);
        sink.put = blocked(latch);
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> sink.batches.size() == 1);
        subscriber.has(FakeSubscriber.record("2", new byte[1000]), FakeSubscriber.record("3", new byte[1000]),
                FakeSubscriber.record("4", new byte[1000]), FakeSubscriber.record("5", new byte[9000]),
                FakeSubscriber.record("6", new byte[1000]));
        Await.until(() -> subscriber.pushed == 6);
        latch.countDown();
        Await.until(() -> subscriber.acknowledged().size() == 6);
        assertEquals(List.of(ids(1, 1), ids(2, 3), ids(4, 4), ids(5, 5), ids(6, 6)), sink.batches);
        running.drained();
    }

    @Test
    void anIdleStreamDoesNotWaitForTheLinger() {
        settings.linger = Duration.ofHours(1);
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 1);
        running.drained();
    }

    @Test
    void aStreamThatKeepsComingIsGatheredUpToTheLinger() {
        settings.linger = Duration.ofHours(1);
        settings.batchMaxRecords = 1000;
        settings.inFlightMaxRecords = 4000;
        subscriber.has(1, 3000);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 3000);
        assertTrue(sink.batches.size() < 100, sink.batches.size() + " batches");
        running.drained();
    }

    @Test
    void aFullBatchDoesNotWaitForTheLinger() {
        settings.linger = Duration.ofHours(1);
        settings.batchMaxRecords = 10;
        subscriber.has(1, 1000);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 1000);
        running.drained();
    }

    @Test
    void theSinkIsCalledWhileNothingComes() {
        Running running = start();
        Await.until(() -> sink.idles >= 3);
        running.drained();
    }

    @Test
    void anIdleSinkDoesNotSpin() throws InterruptedException {
        start();
        Await.until(() -> sink.idles > 0);
        int before = sink.idles;
        Thread.sleep(600);
        assertTrue(sink.idles - before <= 8, sink.idles - before + " times in 600 ms");
    }

    @Test
    void idleWorkThatFailsForGoodStopsTheWorker() {
        sink.idleFailure = new FatalException("the disk is gone");
        assertEquals(new Outcome(Outcome.FAILED, "the sink failed: the disk is gone"), start().outcome());
    }

    @Test
    void idleWorkThatFailsIsTriedAgain() {
        sink.idleFailure = new RetryableException("disk full");
        Running running = start();
        Await.until(() -> running.worker.status().reason().equals("the sink's own work failed: disk full"));
        sink.idleFailure = null;
        Await.until(() -> running.worker.status().ready());
        running.drained();
    }

    @Test
    void aFailedBatchIsWrittenAgainAsItWas() {
        AtomicInteger failures = new AtomicInteger(3);
        sink.put = batch -> {
            if (failures.getAndDecrement() > 0) {
                throw new RetryableException("disk full");
            }
            return List.of();
        };
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 1);
        assertEquals(List.of(ids(1, 1), ids(1, 1), ids(1, 1), ids(1, 1)), sink.batches);
        assertEquals(3, metrics.retries());
        running.drained();
    }

    @Test
    void anErrorOfAnUnknownKindIsTriedAgain() {
        AtomicInteger failures = new AtomicInteger(1);
        sink.put = batch -> {
            if (failures.getAndDecrement() > 0) {
                throw new NullPointerException();
            }
            return List.of();
        };
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 1);
        running.drained();
    }

    @Test
    void onlyTheRecordsThatFailedAreWrittenAgain() {
        AtomicInteger round = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(1);
        sink.put = batch -> {
            full.await();
            return round.getAndIncrement() != 1
                    ? List.of()
                    : batch.stream().filter(record -> Set.of("3", "5").contains(record.id()))
                            .map(record -> new Failure(record, new RetryableException("busy"))).toList();
        };
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> sink.batches.size() == 1);
        subscriber.has(2, 6);
        Await.until(() -> subscriber.pushed == 6);
        full.countDown();
        Await.until(() -> subscriber.acknowledged().size() == 6);
        assertEquals(List.of(ids(1, 1), ids(2, 6), List.of("3", "5")), sink.batches);
        assertEquals(List.of("1", "2", "4", "6", "3", "5"), subscriber.acknowledged());
        assertEquals(2, metrics.retries());
        running.drained();
    }

    @Test
    void aRecordThatCanNeverBeWrittenStopsTheWorkerAndIsNamed() {
        settings.onError = OnError.STOP;
        CountDownLatch full = new CountDownLatch(1);
        sink.put = batch -> {
            full.await();
            return batch.stream().filter(record -> record.id().equals("3"))
                    .map(record -> new Failure(record, new PermanentException("no such column"))).toList();
        };
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> sink.batches.size() == 1);
        subscriber.has(2, 4);
        Await.until(() -> subscriber.pushed == 4);
        full.countDown();
        assertEquals(new Outcome(Outcome.FAILED, "record 3 can't be written: no such column"), running.outcome());
        assertEquals(List.of("1", "2", "4"), subscriber.acknowledged());
    }

    @Test
    void aBatchThatCanNeverBeWrittenStopsTheWorker() {
        settings.onError = OnError.STOP;
        sink.put = batch -> {
            throw new PermanentException("it is no JSON");
        };
        subscriber.has(1, 1);
        assertEquals(new Outcome(Outcome.FAILED, "record 1 can't be written: it is no JSON"), start().outcome());
        assertEquals(List.of(), subscriber.acknowledged());
    }

    @Test
    void aFatalErrorStopsTheWorker() {
        sink.put = batch -> {
            throw new FatalException("the table is gone");
        };
        subscriber.has(1, 1);
        assertEquals(new Outcome(Outcome.FAILED, "writing to the target failed: the table is gone"), start().outcome());
        assertEquals(List.of(), subscriber.acknowledged());
    }

    @Test
    void strictOrderGivesOneRecordAtATimeToASinkThatDoesNotKeepOrder() {
        settings.strict = true;
        subscriber.has(1, 50);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 50);
        assertTrue(sink.batches.stream().allMatch(batch -> batch.size() == 1));
        running.drained();
    }

    @Test
    void strictOrderGivesBatchesToASinkThatKeepsOrder() {
        settings.strict = true;
        sink.ordered = true;
        CountDownLatch latch = new CountDownLatch(1);
        sink.put = blocked(latch);
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> sink.batches.size() == 1);
        subscriber.has(2, 50);
        Await.until(() -> subscriber.pushed == 50);
        latch.countDown();
        Await.until(() -> subscriber.acknowledged().size() == 50);
        assertEquals(ids(2, 50), sink.batches.get(1));
        running.drained();
    }

    @Test
    void strictOrderHoldsThroughRetries() {
        settings.strict = true;
        AtomicInteger attempts = new AtomicInteger();
        sink.put = batch -> attempts.incrementAndGet() % 3 != 0
                ? List.of()
                : batch.stream().map(record -> new Failure(record, new RetryableException("busy"))).toList();
        subscriber.has(1, 60);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 60);
        assertEquals(ids(1, 60), sink.written());
        running.drained();
    }

    @Test
    void aSlowSinkPausesTheMesh() {
        settings.inFlightMaxRecords = 10;
        CountDownLatch latch = new CountDownLatch(1);
        sink.put = blocked(latch);
        subscriber.has(1, 100);
        Running running = start();
        Await.until(subscriber::isPaused);
        assertTrue(subscriber.pushed <= 11, subscriber.pushed + " pushed");
        assertEquals(10, running.worker.status().inFlight());
        latch.countDown();
        Await.until(() -> subscriber.acknowledged().size() == 100);
        assertFalse(subscriber.isPaused());
        running.drained();
    }

    @Test
    void longRecordsPauseTheMesh() {
        settings.inFlightMaxBytes = 10_000;
        CountDownLatch latch = new CountDownLatch(1);
        sink.put = blocked(latch);
        for (int i = 1; i <= 20; i++) {
            subscriber.has(FakeSubscriber.record("" + i, new byte[3000]));
        }
        Running running = start();
        Await.until(subscriber::isPaused);
        assertTrue(subscriber.pushed <= 5, subscriber.pushed + " pushed");
        latch.countDown();
        Await.until(() -> subscriber.acknowledged().size() == 20);
        running.drained();
    }

    @Test
    void anEventThatComesAgainWhileItWaitsIsWrittenOnceAndAcknowledgedEachTime() {
        CountDownLatch latch = new CountDownLatch(1);
        sink.put = blocked(latch);
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> sink.batches.size() == 1);
        // 1 is being written, 2 waits
        subscriber.has(2, 2).has(2, 2).has(1, 1).has(1, 1);
        Await.until(() -> subscriber.pushed == 5);
        latch.countDown();
        Await.until(() -> subscriber.acknowledged().size() == 5);
        assertEquals(List.of("1", "2"), sink.written());
        assertEquals(List.of("1", "1", "1", "2", "2"), subscriber.acknowledged().stream().sorted().toList());
        assertEquals(2, metrics.received());
        running.drained();
    }

    @Test
    void theSameIdFromAnotherSourceIsAnotherEvent() {
        CountDownLatch latch = new CountDownLatch(1);
        sink.put = blocked(latch);
        subscriber.has(FakeSubscriber.record("1"), ConnectorRecord.builder().attribute("id", "1").attribute("source", "else")
                .attribute("type", "t").build());
        Running running = start();
        Await.until(() -> subscriber.pushed == 2);
        latch.countDown();
        Await.until(() -> subscriber.acknowledged().size() == 2);
        assertEquals(List.of("1", "1"), sink.written());
        running.drained();
    }

    @Test
    void theSameIdWithOtherDataOrInAnotherTopicIsAnotherEvent() {
        CountDownLatch latch = new CountDownLatch(1);
        sink.put = blocked(latch);
        ConnectorRecord elsewhere = ConnectorRecord.builder().attribute("id", "1").attribute("source", "test")
                .attribute("type", "t").data(new byte[]{1}).topic("other").build();
        subscriber.has(FakeSubscriber.record("1"), FakeSubscriber.record("1", new byte[]{2}), elsewhere);
        Running running = start();
        Await.until(() -> subscriber.pushed == 3);
        latch.countDown();
        Await.until(() -> subscriber.acknowledged().size() == 3);
        assertEquals(List.of("1", "1", "1"), sink.written());
        running.drained();
    }

    @Test
    void whatComesAgainWhileItWaitsTakesNoMemory() {
        CountDownLatch latch = new CountDownLatch(1);
        sink.put = blocked(latch);
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> subscriber.pushed == 1);
        WeakReference<byte[]> data = new WeakReference<>(comesAgain());
        Await.until(() -> subscriber.pushed == 3);
        Await.until(() -> {
            System.gc();
            return data.get() == null;
        });
        latch.countDown();
        Await.until(() -> subscriber.acknowledged().size() == 3);
        running.drained();
    }

    private byte[] comesAgain() {
        byte[] data = {1};
        // the last one that was pushed is still on the network thread's stack
        subscriber.has(FakeSubscriber.record("1", data), FakeSubscriber.record("1"));
        return data;
    }

    @Test
    void anEventThatComesAgainAfterItWasWrittenIsWrittenAgain() {
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 1);
        subscriber.has(1, 1);
        Await.until(() -> subscriber.acknowledged().size() == 2);
        assertEquals(List.of("1", "1"), sink.written());
        running.drained();
    }

    @Test
    void drainWritesWhatWasReceived() {
        CountDownLatch latch = new CountDownLatch(1);
        sink.put = blocked(latch);
        settings.batchMaxRecords = 3;
        subscriber.has(1, 20);
        Running running = start();
        Await.until(() -> subscriber.pushed == 20);
        running.worker.drain();
        running.worker.drain();
        latch.countDown();
        assertEquals(new Outcome(Outcome.OK, "stopped on request"), running.outcome());
        assertEquals(ids(1, 20), subscriber.acknowledged());
    }

    @Test
    void drainStopsTheIntakeFirstAndSaysGoodbyeLast() {
        subscriber.has(1, 3);
        Running running = start();
        Await.until(() -> subscriber.acknowledged().size() == 3);
        running.drained();
        assertEquals(List.of("open", "stopIntake", "close after 3 acknowledgements"), List.copyOf(subscriber.calls));
        assertEquals(1, sink.closes);
    }

    @Test
    void drainGoesOnTryingUntilItWorks() {
        CountDownLatch broken = new CountDownLatch(1);
        sink.put = batch -> {
            if (broken.getCount() > 0) {
                throw new RetryableException("disk full");
            }
            return List.of();
        };
        subscriber.has(1, 3);
        Running running = start();
        Await.until(() -> subscriber.pushed == 3 && metrics.retries() > 0);
        running.worker.drain();
        broken.countDown();
        assertEquals(Outcome.OK, running.outcome().exitCode());
        assertEquals(3, subscriber.acknowledged().size());
    }

    @Test
    void drainEndsInTimeAndLeavesTheRestToTheMesh() {
        settings.shutdownTimeout = Duration.ofMillis(100);
        sink.put = batch -> {
            throw new RetryableException("disk full");
        };
        subscriber.has(1, 3);
        Running running = start();
        Await.until(() -> subscriber.pushed == 3 && metrics.retries() > 0);
        running.worker.drain();
        assertEquals(new Outcome(Outcome.OK, "stopped on request; 3 records were not finished and will be delivered again"),
                running.outcome());
        assertEquals(List.of(), subscriber.acknowledged());
        assertEquals(1, sink.closes);
    }

    @Test
    void drainDuringALongRetryDelayEndsInTime() {
        settings.retryInitialDelay = Duration.ofHours(1);
        settings.retryMaxDelay = Duration.ofHours(1);
        settings.shutdownTimeout = Duration.ofMillis(50);
        sink.put = batch -> {
            throw new RetryableException("disk full");
        };
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> running.worker.status().reason().equals("writing to the target failed: disk full"));
        running.drained();
    }

    @Test
    void aSinkThatHangsDoesNotHoldUpTheDrain() {
        settings.shutdownTimeout = Duration.ofMillis(50);
        CountDownLatch never = new CountDownLatch(1);
        sink.put = blocked(never);
        subscriber.has(1, 3);
        Running running = start();
        Await.until(() -> sink.batches.size() == 1 && running.worker.status().inFlight() == 3);
        running.worker.drain();
        assertEquals(new Outcome(Outcome.OK, "stopped on request; 3 records were not finished and will be delivered again"),
                running.outcome());
        assertEquals(List.of(), subscriber.acknowledged());
        assertEquals(1, sink.closes);
    }

    @Test
    void anInterruptThatComesWhileTheWorkerClosesGoesNoFurther() {
        settings.shutdownTimeout = Duration.ofMillis(50);
        sink.closing = () -> {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
        };
        Running running = start();
        running.drained();
        assertFalse(running.interrupted);
    }

    @Test
    void abortInterruptsTheSink() {
        CountDownLatch never = new CountDownLatch(1);
        sink.put = blocked(never);
        subscriber.has(1, 3);
        Running running = start();
        Await.until(() -> sink.batches.size() == 1);
        running.worker.abort();
        Outcome outcome = running.outcome();
        assertEquals(Outcome.FAILED, outcome.exitCode());
        assertTrue(outcome.message().startsWith("stopped at once on request"), outcome.message());
        assertEquals(List.of(), subscriber.acknowledged());
        assertEquals(1, sink.closes);
    }

    @Test
    void untilIdleEndsOnceNothingCame() {
        settings.untilIdle = Duration.ofMillis(50);
        subscriber.has(1, 3);
        assertEquals(new Outcome(Outcome.OK, "nothing came for 0.05s"), start().outcome());
        assertEquals(ids(1, 3), subscriber.acknowledged());
    }

    @Test
    void untilIdleDoesNotCountWhileTheMeshIsAway() throws Exception {
        settings.untilIdle = Duration.ofMillis(500);
        subscriber.state = new MeshState(false, "connection lost");
        Running running = start();
        Thread.sleep(900);
        assertFalse(running.worker.state().ended());
        subscriber.has(1, 3);
        subscriber.state = new MeshState(true, "connected");
        assertEquals(new Outcome(Outcome.OK, "nothing came for 0.5s"), running.outcome());
        assertEquals(ids(1, 3), subscriber.acknowledged());
    }

    @Test
    void aMeshThatCanNotBeReachedEndsWithUnreachable() {
        subscriber.refusal = new RetryableException("can't reach 127.0.0.1:10000");
        assertEquals(new Outcome(Outcome.UNREACHABLE, "can't reach 127.0.0.1:10000"), start().outcome());
        assertEquals(1, sink.closes);
    }

    @Test
    void aMeshThatRefusesEndsWithUnreachable() {
        subscriber.refusal = new FatalException("the mesh refuses user x");
        assertEquals(new Outcome(Outcome.UNREACHABLE, "the mesh refuses user x"), start().outcome());
    }

    @Test
    void aSinkThatCanNotBeReachedEndsWithUnreachable() {
        for (int i = 0; i < 10_000; i++) {
            sink.startFailures.add(new RetryableException("can't reach db:5432"));
        }
        assertEquals(new Outcome(Outcome.UNREACHABLE, "can't reach db:5432"), start().outcome());
    }

    @Test
    void aPushWithoutContentIsPassedOver() {
        Running running = start();
        Await.until(() -> subscriber.receiver != null);
        AtomicInteger acknowledged = new AtomicInteger();
        subscriber.receiver.unreadable("code 1", new byte[0], acknowledged::incrementAndGet);
        subscriber.has(1, 1);
        Await.until(() -> subscriber.acknowledged().size() == 1);
        assertEquals(1, acknowledged.get());
        assertEquals(1, metrics.dropped());
        assertEquals(2, metrics.received());
        running.drained();
    }

    @Test
    void aPushThatIsNoEventStopsTheWorkerAndStaysWithTheMesh() {
        settings.onError = OnError.STOP;
        Running running = start();
        Await.until(() -> subscriber.receiver != null);
        AtomicInteger acknowledged = new AtomicInteger();
        subscriber.receiver.unreadable("no CloudEvent", new byte[]{1}, acknowledged::incrementAndGet);
        assertEquals(new Outcome(Outcome.FAILED, "the mesh pushed something that is no event: no CloudEvent"),
                running.outcome());
        assertEquals(0, acknowledged.get());
    }

    @Test
    void whatWasReceivedIsDeliveredInTheEnd() {
        subscriber.has(1, 500);
        Running running = start();
        Await.until(() -> metrics.delivered() == 500);
        assertEquals(500, metrics.received());
        assertEquals(0, running.worker.status().inFlight());
        running.drained();
    }

    @Test
    void theStatusTellsHowTheWorkerIs() {
        Running running = start();
        Await.until(() -> running.worker.status().ready());
        assertEquals("connected", running.worker.status().reason());
        assertEquals(-1, running.worker.status().lag());
        subscriber.state = new MeshState(false, "connecting");
        assertFalse(running.worker.status().ready());
        assertEquals("connecting", running.worker.status().reason());
        running.drained();
        assertEquals(WorkerState.STOPPED, running.worker.state());
    }

    @Test
    void aSinkThatHangsAgainAfterAnInterruptDoesNotKeepTheProcess() {
        settings.shutdownTimeout = Duration.ofMillis(100);
        sink.put = batch -> {
            for (int i = 0; i < 2; i++) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException hangsAgain) {
                    // as code does that tries again whatever happens
                }
            }
            throw new RetryableException("interrupted");
        };
        subscriber.has(1, 1);
        Running running = start();
        Await.until(() -> sink.batches.size() == 1);
        running.drained();
        assertEquals(List.of(), subscriber.acknowledged());
    }

    @Test
    void redeliveriesOfARecordInFlightDoNotAddUp() throws Exception {
        Received first = new Received(new Again(0), 0);
        for (int i = 1; i <= 1000; i++) {
            first.comesAgain(new Received(new Again(i), 0));
        }
        Again.acknowledged.set(0);
        first.acknowledge();
        assertTrue(Again.acknowledged.get() < 20, "acknowledged " + Again.acknowledged);
        assertTrue(Again.last == 1000, "the newest one counts");
    }

    /** A delivery of the same event by another session. */
    private record Again(int session) implements MeshSubscriber.Delivery {

        private static final AtomicInteger acknowledged = new AtomicInteger();
        private static volatile int last;

        @Override
        public ConnectorRecord record() {
            return ConnectorRecord.builder().attribute("id", "1").attribute("source", "s").build();
        }

        @Override
        public void acknowledge() {
            acknowledgement().run();
        }

        @Override
        public Runnable acknowledgement() {
            return new Answer(session);
        }

        private record Answer(int session) implements Runnable {

            @Override
            public void run() {
                acknowledged.incrementAndGet();
                last = session;
            }
        }
    }

}
