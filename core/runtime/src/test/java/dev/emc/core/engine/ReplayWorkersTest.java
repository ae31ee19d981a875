package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.core.deadletters.DeadLetterEntry;
import dev.emc.core.deadletters.DeadLetterFile;
import dev.emc.core.deadletters.DeadLetterReader;
import dev.emc.core.deadletters.FileDeadLetters;
import dev.emc.core.deadletters.Replay;
import dev.emc.core.deadletters.ReplaySource;
import dev.emc.core.deadletters.ReplaySubscriber;
import dev.emc.core.observe.WorkerMetrics;

/** Workers that get dead letters in place of new records. */
class ReplayWorkersTest {

    @TempDir
    Path folder;

    private final Settings settings = new Settings();
    private final FakeSink sink = new FakeSink();
    private final FakePublisher publisher = new FakePublisher();
    private final WorkerMetrics metrics = new WorkerMetrics("test");

    private FileDeadLetters deadLetters() {
        return new FileDeadLetters(folder, "w");
    }

    private static DeadLetter letter(ConnectorRecord record, Position position) {
        return new DeadLetter(record, null, position, new PermanentException("bad"), 1, "w", "test", Instant.now());
    }

    private void keep(int first, int last) throws Exception {
        deadLetters().keep(IntStream.rangeClosed(first, last)
                .mapToObj(n -> letter(FakeSubscriber.record("" + n), new Position(Map.of("p", "a"), Map.of("n", n)))).toList());
    }

    /** The event ids of the letters that are still to be replayed. */
    private List<String> left() throws Exception {
        List<String> ids = new ArrayList<>();
        try (DeadLetterReader reader = DeadLetterFile.of(folder, "w").read()) {
            for (DeadLetterEntry entry = reader.next(); entry != null; entry = reader.next()) {
                if (!entry.replayed()) {
                    ids.add(entry.readable() ? entry.record().id() : "unreadable");
                }
            }
        }
        return ids;
    }

    private Outcome replaySink(Predicate<DeadLetterEntry> selection) throws Exception {
        try (Replay replay = DeadLetterFile.of(folder, "w").replay()) {
            return new Running(new SinkWorker("w", sink, new ReplaySubscriber(replay, selection), Processing.NONE,
                    deadLetters(), settings.build(), metrics)).outcome();
        }
    }

    private Outcome replaySource(Predicate<DeadLetterEntry> selection) throws Exception {
        try (Replay replay = DeadLetterFile.of(folder, "w").replay()) {
            return new Running(new SourceWorker("w", new ReplaySource(replay, selection), publisher, new FakeRegistry(),
                    Processing.NONE, deadLetters(), settings.build(), metrics)).outcome();
        }
    }

    private static List<String> ids(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList();
    }

    @Test
    void aSinkGetsAllLettersInOrderAndTheWorkerEnds() throws Exception {
        keep(1, 3000);
        assertEquals(Outcome.OK, replaySink(entry -> true).exitCode());
        assertEquals(ids(1, 3000), sink.written());
        assertEquals(List.of(), left());
    }

    @Test
    void aSinkGetsOnlyWhatIsSelectedAndNotYetReplayed() throws Exception {
        keep(1, 4);
        String second = DeadLetterFile.of(folder, "w").read().next().id();
        replaySink(entry -> entry.id().equals(second));
        assertEquals(List.of("1"), sink.written());
        replaySink(entry -> true);
        assertEquals(ids(1, 4), sink.written());
        assertEquals(4, metrics.received());
    }

    @Test
    void whatFailsAgainBecomesAnotherLetterAndTheOldOneIsDone() throws Exception {
        keep(1, 5);
        sink.put = batch -> batch.stream().filter(record -> record.id().equals("3"))
                .map(record -> new Failure(record, new PermanentException("still bad"))).toList();
        assertEquals(Outcome.OK, replaySink(entry -> true).exitCode());
        assertEquals(List.of("1", "2", "4", "5"), sink.written());
        assertEquals(List.of("3"), left());
        try (DeadLetterReader reader = DeadLetterFile.of(folder, "w").read()) {
            for (int i = 0; i < 5; i++) {
                assertTrue(reader.next().replayed());
            }
            assertEquals("still bad", reader.next().error());
        }
    }

    @Test
    void aReplayThatStopsLeavesTheRestForTheNextOne() throws Exception {
        keep(1, 5);
        settings.onError = WorkerSettings.OnError.STOP;
        settings.batchMaxRecords = 1;
        sink.put = batch -> {
            if (batch.get(0).id().equals("3")) {
                throw new PermanentException("still bad");
            }
            return List.of();
        };
        assertEquals(Outcome.FAILED, replaySink(entry -> true).exitCode());
        assertEquals(ids(3, 5), left());
    }

    @Test
    void lettersThatNobodyCanReadStay() throws Exception {
        keep(1, 1);
        deadLetters().keep(List.of(
                new DeadLetter(null, new byte[]{1, 2}, null, new PermanentException("no event"), 0, "w", "test",
                        Instant.now())));
        assertEquals(Outcome.OK, replaySink(entry -> true).exitCode());
        assertEquals(List.of("1"), sink.written());
        assertEquals(List.of("unreadable"), left());
    }

    @Test
    void noLettersEndTheWorkerAtOnce() throws Exception {
        assertEquals(Outcome.OK, replaySink(entry -> true).exitCode());
        assertEquals(Outcome.OK, replaySource(entry -> true).exitCode());
    }

    @Test
    void theMeshGetsAllLettersOfASourceInOrderAndTheWorkerEnds() throws Exception {
        keep(1, 3000);
        assertEquals(Outcome.OK, replaySource(entry -> true).exitCode());
        assertEquals(ids(1, 3000), publisher.acceptedIds());
        assertEquals(List.of(), left());
    }

    @Test
    void lettersWithoutPositionAreReplayedToo() throws Exception {
        deadLetters().keep(List.of(letter(FakeSubscriber.record("x"), null)));
        assertEquals(Outcome.OK, replaySource(entry -> true).exitCode());
        assertEquals(List.of("x"), publisher.acceptedIds());
        assertEquals(List.of(), left());
    }

    @Test
    void whatTheMeshRefusesAgainBecomesAnotherLetterAtItsPosition() throws Exception {
        keep(1, 5);
        publisher.answer = sent -> sent.done()
                .accept(sent.record().id().equals("3") ? new PermanentException("still bad") : null);
        assertEquals(Outcome.OK, replaySource(entry -> true).exitCode());
        assertEquals(List.of("3"), left());
        try (DeadLetterReader reader = DeadLetterFile.of(folder, "w").read()) {
            for (int i = 0; i < 5; i++) {
                assertTrue(reader.next().replayed());
            }
            assertEquals(new Position(Map.of("p", "a"), Map.of("n", 3)), reader.next().position().orElseThrow());
        }
    }

    /** Makes the letters unreadable right after the right to replay them was taken. */
    private Replay unreadable() throws Exception {
        keep(1, 3);
        settings.onError = WorkerSettings.OnError.STOP;
        DeadLetterFile file = DeadLetterFile.of(folder, "w");
        Replay replay = file.replay();
        Files.delete(file.path());
        Files.createDirectory(file.path());
        return replay;
    }

    @Test
    void aSinkWhoseLettersCannotBeReadFails() throws Exception {
        try (Replay replay = unreadable()) {
            Outcome outcome = new Running(new SinkWorker("w", sink, new ReplaySubscriber(replay, entry -> true),
                    Processing.NONE, deadLetters(), settings.build(), metrics)).outcome();
            assertEquals(Outcome.FAILED, outcome.exitCode());
            assertTrue(outcome.message().contains("w.ndjson can't be read"), outcome.message());
        }
    }

    @Test
    void aSourceWhoseLettersCannotBeReadFails() throws Exception {
        try (Replay replay = unreadable()) {
            Outcome outcome = new Running(new SourceWorker("w", new ReplaySource(replay, entry -> true), publisher,
                    new FakeRegistry(), Processing.NONE, deadLetters(), settings.build(), metrics)).outcome();
            assertEquals(Outcome.FAILED, outcome.exitCode());
            assertTrue(outcome.message().contains("w.ndjson can't be read"), outcome.message());
        }
    }
}
