package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.Acknowledgement;
import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceRecord;
import dev.emc.core.engine.WorkerSettings.OnError;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.observe.WorkerMetrics.Reason;

/** What a source worker does with records that can't be sent, with the filter, the transforms and the rate. */
class SourceFailuresTest {

    private static final PermanentException TOO_LONG = new PermanentException("it is too long");

    private final Settings settings = new Settings();
    private final FakeSource source = new FakeSource();
    private final FakePublisher publisher = new FakePublisher();
    private final FakeRegistry registry = new FakeRegistry();
    private final FakeDeadLetters deadLetters = new FakeDeadLetters();
    private final WorkerMetrics metrics = new WorkerMetrics("test");
    private final List<Running> started = new ArrayList<>();
    private Processing processing = Processing.NONE;

    private Running start() {
        Running running = new Running(new SourceWorker("w", source, publisher, registry, processing, deadLetters,
                settings.build(), metrics));
        started.add(running);
        return running;
    }

    private Outcome runToTheEnd() {
        source.exhausted = true;
        return start().outcome();
    }

    @AfterEach
    void stop() {
        started.forEach(Running::close);
        if (!started.isEmpty()) {
            long held = started.get(0).worker.status().inFlight();
            assertEquals(metrics.received(), metrics.delivered() + metrics.dead() + metrics.dropped() + held,
                    "delivered + dead + dropped + in flight = received");
        }
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private void refuse(Exception error, String... ids) {
        publisher.answer = sent -> sent.done().accept(Set.of(ids).contains(sent.record().id()) ? error : null);
    }

    private static SourceRecord problem(String partition, long n) {
        return SourceRecord.at(new Position(Map.of("p", partition), Map.of("n", n))).text("what was read")
                .problem(new PermanentException("row " + n + " doesn't parse")).build();
    }

    @Test
    void aRefusedRecordBecomesADeadLetterAndTheOthersGoOn() {
        refuse(TOO_LONG, "a:3");
        source.has("a", 1, 6);
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(List.of("a:3"), deadLetters.ids());
        assertEquals(numbers(1, 6), source.committed("a"));
        assertEquals(6, registry.saved("a"));
        assertEquals(1, metrics.dead());
        assertEquals(5, metrics.delivered());
    }

    @Test
    void aDeadLetterSaysWhatHappened() {
        refuse(TOO_LONG, "a:1");
        source.has("a", 1, 1);
        runToTheEnd();
        DeadLetter letter = deadLetters.kept().get(0);
        assertEquals(new Position(Map.of("p", "a"), Map.of("n", 1)), letter.position());
        assertEquals(TOO_LONG, letter.error());
        assertEquals(1, letter.attempts());
        assertEquals("a:1", letter.record().id());
        assertEquals("emc:w", letter.record().attribute("source"));
        assertNull(letter.record().topic());
    }

    @Test
    void aRecordThatTheSourceCouldNotReadBecomesADeadLetterAndIsNotSent() {
        source.has("a", 1, 2).has(problem("a", 3)).has("a", 4, 5);
        runToTheEnd();
        assertEquals(List.of("a:1", "a:2", "a:4", "a:5"), publisher.sentIds());
        DeadLetter letter = deadLetters.kept().get(0);
        assertEquals("row 3 doesn't parse", letter.reason());
        assertEquals("what was read", letter.record().text());
        assertTrue(letter.raw());
        assertEquals(0, letter.attempts());
        assertEquals(numbers(1, 5), source.committed("a"));
    }

    @Test
    void thePositionDoesNotMoveOnBeforeTheDeadLetterIsKept() {
        for (int i = 0; i < 5; i++) {
            deadLetters.failures.add(new RetryableException("disk full"));
        }
        AtomicReference<Long> saved = new AtomicReference<>(0L);
        deadLetters.beforeKeep = () -> saved.set(Math.max(saved.get(), registry.saved("a")));
        refuse(TOO_LONG, "a:3");
        source.has("a", 1, 6);
        runToTheEnd();
        assertTrue(saved.get() < 3, "saved " + saved);
        assertEquals(6, deadLetters.keeps);
        assertEquals(List.of("a:3"), deadLetters.ids());
    }

    @Test
    void readinessSaysThatDeadLettersCanNotBeKept() {
        for (int i = 0; i < 100_000; i++) {
            deadLetters.failures.add(new RetryableException("disk full"));
        }
        source.has(problem("a", 1));
        Running running = start();
        Await.until(() -> running.worker.status().reason().equals("keeping dead letters failed: disk full"));
        deadLetters.failures.clear();
        Await.until(() -> running.worker.status().ready());
        running.drained();
    }

    @Test
    void aDrainKeepsDeadLetters() {
        settings.retryInitialDelay = Duration.ofMillis(100);
        settings.retryMaxDelay = Duration.ofMillis(100);
        deadLetters.failures.add(new RetryableException("disk full"));
        source.has(problem("a", 1));
        Running running = start();
        Await.until(() -> deadLetters.keeps == 1);
        running.drained();
        assertEquals(List.of("a:1"), deadLetters.ids());
        assertEquals(1, registry.saved("a"));
    }

    @Test
    void dropThrowsAwayAndCounts() {
        settings.onError = OnError.DROP;
        refuse(TOO_LONG, "a:3");
        source.has("a", 1, 6);
        runToTheEnd();
        assertEquals(numbers(1, 6), source.committed("a"));
        assertEquals(1, metrics.dropped(Reason.FAILED));
        assertEquals(0, deadLetters.opens + deadLetters.keeps);
    }

    @Test
    void stopEndsTheWorkerBeforeTheRecord() {
        settings.onError = OnError.STOP;
        source.has("a", 1, 2).has(problem("a", 3));
        Outcome outcome = start().outcome();
        assertEquals(new Outcome(Outcome.FAILED, "record a:3 at {p=a} {n=3} can't be sent to the mesh: row 3 doesn't parse"),
                outcome);
        assertEquals(2, registry.saved("a"));
    }

    @Test
    void attemptsAreBounded() {
        settings.retryAttempts = 3;
        refuse(FakePublisher.lost(), "a:2");
        source.has("a", 1, 3);
        runToTheEnd();
        assertEquals(List.of("a:2"), deadLetters.ids());
        assertEquals(3, deadLetters.kept().get(0).attempts());
        assertEquals(3, publisher.sentIds().stream().filter("a:2"::equals).count());
        assertEquals(2, metrics.retries());
    }

    @Test
    void aMeshThatIsNotConnectedUsesNoAttemptsUp() {
        settings.retryAttempts = 2;
        publisher.answer = sent -> sent.done().accept(sent.attempt() <= 5
                ? new RetryableException("the connection is lost", new NotConnectedException("reset"))
                : null);
        source.has("a", 1, 1);
        runToTheEnd();
        assertEquals(List.of(), deadLetters.ids());
        assertEquals(List.of(1L), source.committed("a"));
    }

    @Test
    void aMeshThatForbidsToPublishStopsTheWorker() {
        refuse(new FatalException("user x must not publish"), "a:1");
        source.has("a", 1, 3);
        assertEquals(new Outcome(Outcome.FAILED, "sending to the mesh failed: user x must not publish"), start().outcome());
        assertEquals(List.of(), deadLetters.ids());
    }

    @Test
    void aBurstOfFailuresStopsTheWorkerAndTheirPositionsAreSaved() {
        settings.breakerFailures = 5;
        settings.breakerWindow = 10;
        publisher.answer = sent -> sent.done()
                .accept(Long.parseLong(sent.record().id().substring(2)) > 20 ? TOO_LONG : null);
        source.has("a", 1, 100);
        Outcome outcome = start().outcome();
        assertEquals(new Outcome(Outcome.FAILED, "5 of the last 10 records failed for good, the last one because: it is too"
                + " long; look at the outside system, or set breaker.failures"), outcome);
        assertEquals(numbers(21, 25).stream().map(n -> "a:" + n).toList(), deadLetters.ids());
        assertEquals(25, registry.saved("a"));
    }

    @Test
    void failuresSpreadOverABatchDoNotStopTheWorker() {
        settings.breakerFailures = 5;
        settings.breakerWindow = 10;
        for (int n = 1; n <= 200; n++) {
            source.has(n % 10 == 0 ? problem("a", n) : FakeSource.record("a", n));
        }
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        assertEquals(20, metrics.dead());
        assertEquals(180, metrics.delivered());
    }

    @Test
    void strictOrderGoesOnAfterADeadLetter() {
        settings.strict = true;
        refuse(TOO_LONG, "a:2");
        source.has("a", 1, 4).has(problem("a", 5)).has("a", 6, 7);
        runToTheEnd();
        assertEquals(List.of("a:2", "a:5"), deadLetters.ids());
        assertEquals(List.of("a:1", "a:2", "a:3", "a:4", "a:6", "a:7"), publisher.sentIds());
        assertEquals(numbers(1, 7), source.committed("a"));
    }

    private static SourceRecord unpositioned(List<String> answers, String id) {
        return SourceRecord.acknowledgedBy(new Acknowledgement() {
            @Override
            public void accepted() {
                answers.add(id + " accepted");
            }

            @Override
            public void rejected(Exception reason) {
                answers.add(id + " rejected: " + reason.getMessage());
            }
        }).attribute("id", id).build();
    }

    @Test
    void aSenderIsAnsweredOnceItsRecordIsADeadLetter() {
        List<String> answers = new ArrayList<>();
        deadLetters.beforeKeep = () -> answers.add("keep");
        refuse(TOO_LONG, "x");
        source.has(unpositioned(answers, "x"));
        runToTheEnd();
        assertEquals(List.of("keep", "x accepted"), answers);
    }

    @Test
    void aSenderWhoseRecordStopsTheWorkerIsTold() {
        settings.onError = OnError.STOP;
        List<String> answers = new ArrayList<>();
        refuse(TOO_LONG, "x");
        source.has(unpositioned(answers, "x"));
        assertEquals(Outcome.FAILED, start().outcome().exitCode());
        assertEquals(List.of("x rejected: it is too long"), answers);
    }

    @Test
    void aRefusedRecordWithoutPositionDoesNotWaitForOthers() {
        List<String> answers = new ArrayList<>();
        settings.shutdownTimeout = Duration.ZERO;
        publisher.answer = sent -> {
            if (sent.record().id().equals("x")) {
                sent.done().accept(TOO_LONG);
            }
        };
        source.has(unpositioned(answers, "silent"), unpositioned(answers, "x"));
        start();
        Await.until(() -> deadLetters.ids().equals(List.of("x")));
    }

    @Test
    void aRefusedRecordThatWaitsForAnEarlierOneDoesNotMakeTheWorkerSpin() throws InterruptedException {
        settings.shutdownTimeout = Duration.ZERO;
        publisher.answer = sent -> {
            if (sent.record().id().equals("a:2")) {
                sent.done().accept(TOO_LONG);
            }
        };
        source.has("a", 1, 2);
        Running running = start();
        Await.until(() -> publisher.attempts().size() == 2);
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getThreadCpuTime(running.thread.getId());
        Thread.sleep(500);
        assertTrue(threads.getThreadCpuTime(running.thread.getId()) - before < 100_000_000);
        assertEquals(List.of(), deadLetters.ids());
    }

    @Test
    void filteredRecordsAreCommittedInOrderAndCounted() {
        processing = record -> Long.parseLong(record.id().substring(2)) % 2 == 0 ? record : null;
        source.has("a", 1, 10);
        runToTheEnd();
        assertEquals(List.of("a:2", "a:4", "a:6", "a:8", "a:10"), publisher.sentIds());
        assertEquals(numbers(1, 10), source.committed("a"));
        assertEquals(10, registry.saved("a"));
        assertEquals(5, metrics.dropped(Reason.FILTERED));
        assertEquals(5, metrics.delivered());
    }

    @Test
    void theFilterSeesACompleteEvent() {
        processing = record -> record.attribute("type").equals("dev.emc.record") && record.attribute("source").equals("emc:w")
                ? record
                : null;
        source.has("a", 1, 3);
        runToTheEnd();
        assertEquals(3, metrics.delivered());
    }

    private static ConnectorRecord changed(ConnectorRecord record) {
        return ConnectorRecord.builder().attributes(record.attributes()).attribute("type", "changed").build();
    }

    @Test
    void theMeshGetsTheTransformedRecord() {
        processing = SourceFailuresTest::changed;
        source.has("a", 1, 1);
        runToTheEnd();
        assertEquals("changed", publisher.attempts().get(0).record().attribute("type"));
        assertEquals("a:1", publisher.attempts().get(0).record().id());
    }

    @Test
    void theDeadLetterHoldsTheOriginalAndTheSourceGetsBackWhatItGave() {
        processing = SourceFailuresTest::changed;
        refuse(TOO_LONG, "a:1");
        SourceRecord given = FakeSource.record("a", 1);
        source.has(given);
        runToTheEnd();
        assertEquals("dev.emc.record", deadLetters.kept().get(0).record().attribute("type"));
        assertEquals("a:1", deadLetters.kept().get(0).record().id());
        assertEquals(List.of(given), source.committed());
    }

    @Test
    void aRecordThatCanNotBeTransformedBecomesADeadLetter() {
        processing = record -> {
            throw new PermanentException("it is no JSON");
        };
        source.has("a", 1, 1);
        runToTheEnd();
        assertEquals("it is no JSON", deadLetters.kept().get(0).reason());
        assertEquals(List.of(1L), source.committed("a"));
    }

    @Test
    void theDeadLetterOfARecordWithoutPositionAndIdHasTheIdThatWasSent() {
        List<String> answers = new ArrayList<>();
        publisher.answer = sent -> sent.done().accept(TOO_LONG);
        source.has(SourceRecord.like(unpositioned(answers, "x")).attribute("id", null).build());
        runToTheEnd();
        assertEquals(publisher.sentIds(), deadLetters.ids());
    }

    @Test
    void theRateIsKept() {
        settings.recordsPerSecond = 200;
        source.has("a", 1, 100);
        long begin = System.nanoTime();
        assertEquals(Outcome.OK, runToTheEnd().exitCode());
        double seconds = (System.nanoTime() - begin) / 1e9;
        assertTrue(seconds >= 0.4, seconds + " s");
        assertTrue(source.largestPoll <= 20, "polled " + source.largestPoll);
    }

    @Test
    void aRateBelowOneIsKept() throws InterruptedException {
        settings.recordsPerSecond = 0.5;
        source.has("a", 1, 10);
        Running running = start();
        Await.until(() -> publisher.acceptedIds().size() == 1);
        Thread.sleep(300);
        assertEquals(1, publisher.attempts().size());
        running.drained();
    }

    @Test
    void waitingForTheRateIsNotIdle() {
        settings.recordsPerSecond = 2;
        settings.untilIdle = Duration.ofMillis(50);
        source.has("a", 1, 3);
        assertEquals(Outcome.OK, start().outcome().exitCode());
        assertEquals(numbers(1, 3), source.committed("a"));
    }

    @Test
    void aWorkerThatWaitsForTheRateDoesNotSpin() throws InterruptedException {
        settings.recordsPerSecond = 0.1;
        source.has("a", 1, 10);
        Running running = start();
        Await.until(() -> publisher.acceptedIds().size() == 1);
        Await.until(() -> running.worker.status().inFlight() == 0);
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getThreadCpuTime(running.thread.getId());
        Thread.sleep(500);
        assertTrue(threads.getThreadCpuTime(running.thread.getId()) - before < 100_000_000);
        running.drained();
    }

    @Test
    void allProblemsOfTheSettingsAreToldBeforeAnythingStarts() {
        source.problems = List.of(new ConfigProblem("path", "must not be empty"), new ConfigProblem("format", "is odd"));
        assertEquals(new Outcome(Outcome.CONFIGURATION, "connector.path: must not be empty; connector.format: is odd"),
                start().outcome());
        assertEquals(0, source.starts + registry.opens);
    }

    @Test
    void whileTheLeaseIsUnsureNothingIsPolledOrSent() throws InterruptedException {
        registry.held = false;
        source.has("a", 1, 5);
        Running running = start();
        Await.until(() -> running.worker.status().reason()
                .equals("nothing is sent until the registry confirms that this worker is the only active one"));
        assertFalse(running.worker.status().ready());
        Thread.sleep(50);
        assertEquals(0, source.polls);
        registry.held = true;
        Await.until(() -> source.committed("a").size() == 5);
        running.drained();
    }

    @Test
    void theLeaseIsLookedAtBetweenPollAndSend() {
        AtomicInteger polls = new AtomicInteger();
        source.afterPoll = () -> {
            if (polls.incrementAndGet() == 1) {
                registry.held = false;
            }
        };
        source.has("a", 1, 5);
        Running running = start();
        Await.until(() -> running.worker.status().inFlight() == 5 && !running.worker.status().ready());
        assertEquals(0, publisher.attempts().size());
        registry.held = true;
        Await.until(() -> source.committed("a").equals(numbers(1, 5)));
        assertEquals(0, metrics.retries());
        running.drained();
    }

    @Test
    void theLeaseIsLookedAtBeforeEachResend() throws InterruptedException {
        publisher.answer = sent -> {
            if (sent.attempt() == 1) {
                registry.held = false;
                sent.done().accept(FakePublisher.lost());
            } else {
                sent.done().accept(null);
            }
        };
        source.has("a", 1, 1);
        Running running = start();
        Await.until(() -> publisher.attempts().size() == 1);
        Thread.sleep(100);
        assertEquals(1, publisher.attempts().size());
        registry.held = true;
        Await.until(() -> source.committed("a").size() == 1);
        running.drained();
    }

    @Test
    void whileTheLeaseIsUnsureNothingBecomesADeadLetter() throws InterruptedException {
        source.afterPoll = () -> registry.held = false;
        source.has(problem("a", 1));
        Running running = start();
        Await.until(() -> running.worker.status().inFlight() == 1 && !running.worker.status().ready());
        Thread.sleep(50);
        assertEquals(List.of(), deadLetters.ids());
        registry.held = true;
        Await.until(() -> source.committed("a").size() == 1);
        assertEquals(List.of("a:1"), deadLetters.ids());
        running.drained();
    }

    @Test
    void strictOrderHoldsWhileTheLeaseComesAndGoes() {
        settings.strict = true;
        publisher.answer = sent -> {
            registry.held = sent.attempt() % 2 == 0;
            sent.done().accept(sent.attempt() <= 2 ? FakePublisher.lost() : null);
        };
        source.has("a", 1, 20);
        Running running = start();
        Await.until(() -> {
            registry.held = true;
            return source.committed("a").equals(numbers(1, 20));
        });
        assertEquals(numbers(1, 20).stream().map(n -> "a:" + n).toList(), publisher.acceptedIds());
        running.drained();
    }

    @Test
    void untilIdleDoesNotCountWhileTheLeaseIsUnsure() throws InterruptedException {
        settings.untilIdle = Duration.ofMillis(50);
        registry.held = false;
        Running running = start();
        Thread.sleep(300);
        assertFalse(running.ended());
        registry.held = true;
        assertEquals(Outcome.OK, running.outcome().exitCode());
    }

    @Test
    void anErrorOfTheSourceEndsTheWorkerWithASentenceAndKeepsWhatIsSafe() {
        source.has("a", 1, 3);
        source.inFirstCommit(() -> source.inPoll(() -> {
            throw new StackOverflowError();
        }));
        Outcome outcome = start().outcome();
        assertEquals(Outcome.FAILED, outcome.exitCode());
        assertTrue(outcome.message().startsWith("an internal error: StackOverflowError in "), outcome::message);
        assertEquals(3, registry.saved("a"));
    }

    @Test
    void aSourceThatAnswersNullEndsTheWorkerWithASentence() {
        source.script = new FakeSource.Script() {
            @Override
            public List<SourceRecord> poll(int max) {
                return null;
            }

            @Override
            public void commit(List<SourceRecord> records) {}
        };
        assertEquals(
                new Outcome(Outcome.FAILED, "reading from the source failed: the connector answers nothing (null) when it is"
                        + " polled, which is a bug in it"),
                start().outcome());
    }

}
