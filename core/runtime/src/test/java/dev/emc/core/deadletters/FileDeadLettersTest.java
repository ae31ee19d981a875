package dev.emc.core.deadletters;

import static dev.emc.core.deadletters.Letters.all;
import static dev.emc.core.deadletters.Letters.event;
import static dev.emc.core.deadletters.Letters.events;
import static dev.emc.core.deadletters.Letters.letter;
import static dev.emc.core.deadletters.Letters.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.DeadLetter;

class FileDeadLettersTest {

    @TempDir
    Path folder;

    private FileDeadLetters letters() {
        return new FileDeadLetters(folder, "w");
    }

    private DeadLetterFile file() {
        return DeadLetterFile.of(folder, "w");
    }

    private DeadLetterEntry kept(DeadLetter letter) throws Exception {
        letters().keep(List.of(letter));
        List<DeadLetterEntry> all = all(file());
        return all.get(all.size() - 1);
    }

    private void comesBack(ConnectorRecord record) throws Exception {
        ConnectorRecord back = kept(letter(record)).record();
        assertEquals(record.attributes(), back.attributes());
        assertArrayEquals(record.data(), back.data());
        assertEquals(record.contentType(), back.contentType());
        assertEquals(record.timestamp(), back.timestamp());
        assertEquals(record.topic(), back.topic());
    }

    @Test
    void aLetterIsOneLineThatSaysWhy() throws Exception {
        DeadLetterEntry entry = kept(letter(event("1").build()));
        assertEquals("w", entry.worker());
        assertEquals("file-sink", entry.connector());
        assertEquals(PermanentException.class.getName(), entry.errorClass());
        assertEquals("no such column 'total'", entry.error());
        assertEquals(3, entry.attempts());
        assertEquals(Letters.TIME, entry.time());
        assertEquals("orders", entry.topic().orElseThrow());
        assertTrue(entry.readable());
        assertEquals(entry.json() + "\n", Files.readString(file().path()));
        assertTrue(entry.json().contains("\"event\":{\"specversion\":\"1.0\",\"id\":\"1\""), entry.json());
    }

    @Test
    void aRecordComesBackAsItWas() throws Exception {
        comesBack(event("1").timestamp(Instant.parse("2026-01-02T03:04:05.000000006Z")).attribute("subject", "Ünï 🙂")
                .attribute("number", 5).attribute("truth", true).build());
    }

    @Test
    void binaryDataComesBack() throws Exception {
        comesBack(event("1").data(new byte[]{0, -1, '\n', 13, 127}).contentType("application/octet-stream").build());
    }

    @Test
    void dataOverSeveralLinesComesBack() throws Exception {
        comesBack(event("1").text("{\n\"a\": 1\r\n}\n").build());
    }

    @Test
    void noDataAndEmptyDataAreKeptApart() throws Exception {
        comesBack(event("1").data(null).contentType(null).build());
        comesBack(event("2").data(new byte[0]).contentType("text/plain").build());
    }

    @Test
    void aRecordThatCanBeNoEventComesBackToo() throws Exception {
        comesBack(ConnectorRecord.builder().attribute("Bad Name", "x").attribute("n", 1).data(new byte[]{1}).topic("t")
                .contentType("a/b").timestamp(Letters.TIME).build());
    }

    @Test
    void halfASurrogatePairComesBack() throws Exception {
        comesBack(event("1").attribute("odd", "a\ud800b").build());
    }

    @Test
    void halfASurrogatePairInTheMessageIsNoObstacle() throws Exception {
        DeadLetter letter = new DeadLetter(event("1").build(), null, null, new PermanentException("odd \udc00"), 1, "w",
                "file-sink", Letters.TIME);
        assertEquals("odd \udc00", kept(letter).error());
    }

    @Test
    void aPositionComesBack() throws Exception {
        Position position = new Position(Map.of("file", "/a \"b\"", "flag", true), Map.of("byte", 5_000_000_000L));
        assertEquals(position, kept(letter(event("1").build(), position)).position().orElseThrow());
    }

    @Test
    void anUnreadableBodyComesBack() throws Exception {
        DeadLetterEntry entry = kept(unreadable(new byte[]{9, 8, 7}));
        assertFalse(entry.readable());
        assertArrayEquals(new byte[]{9, 8, 7}, entry.body());
        assertEquals(0, entry.attempts());
    }

    @Test
    void aRecordOfAnotherErrorSaysWhatItIs() throws Exception {
        DeadLetter letter = new DeadLetter(event("1").build(), null, null, new IllegalStateException(), 1, "w", "c",
                Letters.TIME);
        assertEquals("IllegalStateException", kept(letter).error());
    }

    @Test
    void lettersAreKeptInOrderWithIdsOfTheirOwn() throws Exception {
        FileDeadLetters letters = letters();
        letters.keep(List.of(letter(event("1").build()), letter(event("2").build())));
        letters.keep(List.of(letter(event("3").build())));
        letters().keep(List.of(letter(event("4").build())));
        assertEquals(List.of("1", "2", "3", "4"), events(file()));
        Set<String> ids = new HashSet<>(all(file()).stream().map(DeadLetterEntry::id).toList());
        assertEquals(4, ids.size());
    }

    @Test
    void aTornLineDoesNotDamageWhatFollows() throws Exception {
        letters().keep(List.of(letter(event("1").build())));
        String line = Files.readString(file().path());
        Files.writeString(file().path(), line.substring(0, line.length() - 40), StandardOpenOption.APPEND);
        letters().keep(List.of(letter(event("2").build())));
        try (DeadLetterReader reader = file().read()) {
            assertEquals("1", reader.next().record().id());
            assertEquals("2", reader.next().record().id());
            assertNull(reader.next());
            assertEquals(1, reader.damaged());
        }
    }

    @Test
    void aFileThatIsMovedAwayIsBegunAnew() throws Exception {
        FileDeadLetters letters = letters();
        letters.keep(List.of(letter(event("1").build())));
        Files.move(file().path(), folder.resolve("old"));
        letters.keep(List.of(letter(event("2").build())));
        assertEquals(List.of("2"), events(file()));
    }

    @Test
    void aFailedAttemptLeavesNothingBehind() throws Exception {
        letters().keep(List.of(letter(event("1").build())));
        DeadLetter broken = new DeadLetter(event("3").build(), null, null, new PermanentException("x"), 1, null, null,
                null);
        assertThrows(NullPointerException.class, () -> letters().keep(List.of(letter(event("2").build()), broken)));
        assertEquals(List.of("1"), events(file()));
    }

    @Test
    void severalWorkersOfOneNameMayShareTheFile() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                try {
                    FileDeadLetters letters = letters();
                    for (int n = 0; n < 25; n++) {
                        letters.keep(List.of(letter(event("x").build())));
                    }
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(100, new HashSet<>(all(file()).stream().map(DeadLetterEntry::id).toList()).size());
    }

    @Test
    void openingLooksButCreatesNothing() throws Exception {
        Path missing = folder.resolve("a/b");
        new FileDeadLetters(missing, "w").open(Duration.ofSeconds(1));
        assertFalse(Files.exists(folder.resolve("a")));
    }

    @Test
    void aFolderThatCanNotBeOneIsFoundAtTheStart() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "");
        FatalException error = assertThrows(FatalException.class,
                () -> new FileDeadLetters(file.resolve("letters"), "w").open(Duration.ofSeconds(1)));
        assertTrue(error.getMessage().contains(file + " is no folder"), error.getMessage());
    }

    @Test
    void aPlaceThatCanNotBeWrittenNowIsTriedAgain() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "");
        RetryableException error = assertThrows(RetryableException.class,
                () -> new FileDeadLetters(file, "w").keep(List.of(letter(event("1").build()))));
        assertTrue(error.getMessage().startsWith("a dead letter can't be kept in " + file), error.getMessage());
    }

    @Test
    void anInterruptIsPassedOnAndDamagesNothing() throws Exception {
        letters().keep(List.of(letter(event("1").build())));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> letters().keep(List.of(letter(event("2").build()))));
        Thread.interrupted();
        letters().keep(List.of(letter(event("3").build())));
        assertEquals(List.of("1", "3"), events(file()));
    }
}
