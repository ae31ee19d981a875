package dev.emc.core.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;

class FileRegistryTest {

    @TempDir
    Path dir;

    private static Position at(String file, long offset) {
        return new Position(Map.of("file", file), Map.of("byte", offset));
    }

    private Path journal() {
        return dir.resolve("w.journal");
    }

    private Set<Position> reopened() throws Exception {
        try (FileRegistry registry = new FileRegistry(dir)) {
            return new HashSet<>(registry.open("w"));
        }
    }

    @Test
    void aNewWorkerHasNoPositions() throws Exception {
        assertEquals(Set.of(), reopened());
    }

    @Test
    void theNewestPositionOfEachPartitionSurvives() throws Exception {
        try (FileRegistry registry = new FileRegistry(dir)) {
            registry.open("w");
            registry.save(List.of(at("a", 1), at("b", 1)));
            registry.save(List.of(at("a", 2)));
        }
        assertEquals(Set.of(at("a", 2), at("b", 1)), reopened());
    }

    @Test
    void whatASaveHasWrittenIsThereWithoutClose() throws Exception {
        try (FileRegistry registry = new FileRegistry(dir)) {
            registry.open("w");
            registry.save(List.of(at("a", 7)));
            Path copy = Files.createDirectory(dir.resolve("copy"));
            Files.copy(journal(), copy.resolve("w.journal"));
            try (FileRegistry other = new FileRegistry(copy)) {
                assertEquals(List.of(at("a", 7)), List.copyOf(other.open("w")));
            }
        }
    }

    @Test
    void allKindsOfValuesComeBackAsTheyWere() throws Exception {
        Position odd = new Position(Map.of("path", "ü\n\"\\\u0000😀", "broken", "\ud800x", "true", true),
                Map.of("min", Long.MIN_VALUE, "max", Long.MAX_VALUE, "done", false, "", "empty name"));
        try (FileRegistry registry = new FileRegistry(dir)) {
            registry.open("w");
            registry.save(List.of(odd));
        }
        assertEquals(Set.of(odd), reopened());
    }

    /** Four saves; returns the positions after each of them, the first entry being those before. */
    private List<Set<Position>> fourSaves() throws Exception {
        List<Set<Position>> states = new ArrayList<>();
        try (FileRegistry registry = new FileRegistry(dir)) {
            registry.open("w");
            registry.save(List.of(at("a", 1), at("b", 1)));
        }
        // everything so far goes into the first line
        try (FileRegistry registry = new FileRegistry(dir, 0)) {
            registry.open("w");
            do {
                registry.save(List.of(at("b", 2)));
            } while (Files.readAllLines(journal()).size() > 1);
        }
        states.add(Set.of(at("a", 1), at("b", 2)));
        try (FileRegistry registry = new FileRegistry(dir)) {
            registry.open("w");
            for (int i = 3; i <= 5; i++) {
                registry.save(List.of(at("a", i), at("c", i)));
                states.add(Set.of(at("a", i), at("b", 2), at("c", i)));
            }
        }
        return states;
    }

    @Test
    void aJournalCutAtAnyByteOfItsTailOpensWithTheLastWholeSave() throws Exception {
        List<Set<Position>> states = fourSaves();
        byte[] whole = Files.readAllBytes(journal());
        int firstLine = new String(whole, StandardCharsets.US_ASCII).indexOf('\n') + 1;
        for (int cut = firstLine; cut <= whole.length; cut++) {
            Files.write(journal(), Arrays.copyOf(whole, cut));
            int lines = (int) new String(whole, 0, cut, StandardCharsets.US_ASCII).chars().filter(c -> c == '\n').count();
            assertEquals(states.get(lines - 1), reopened(), "cut at " + cut);
        }
    }

    @Test
    void aJournalGoesOnAfterACutTail() throws Exception {
        fourSaves();
        byte[] whole = Files.readAllBytes(journal());
        Files.write(journal(), Arrays.copyOf(whole, whole.length - 5));
        try (FileRegistry registry = new FileRegistry(dir)) {
            registry.open("w");
            registry.save(List.of(at("d", 9)));
        }
        assertEquals(Set.of(at("a", 4), at("b", 2), at("c", 4), at("d", 9)), reopened());
    }

    @Test
    void aFirstLineThatIsCutIsAnError() throws Exception {
        fourSaves();
        byte[] whole = Files.readAllBytes(journal());
        int firstLine = new String(whole, StandardCharsets.US_ASCII).indexOf('\n');
        for (int cut = 0; cut <= firstLine; cut++) {
            Files.write(journal(), Arrays.copyOf(whole, cut));
            FatalException error = assertThrows(FatalException.class, this::reopened, "cut at " + cut);
            assertTrue(error.getMessage().contains("line 1"), error.getMessage());
        }
    }

    @Test
    void noChangedByteLeadsToAPositionThatWasNeverSaved() throws Exception {
        List<Set<Position>> states = fourSaves();
        byte[] whole = Files.readAllBytes(journal());
        int detected = 0;
        for (int i = 0; i < whole.length; i++) {
            int value = List.of(whole[i] ^ 1, whole[i] ^ 0x80, (int) '\n').get(i % 3);
            if ((byte) value == whole[i]) {
                continue;
            }
            byte[] changed = whole.clone();
            changed[i] = (byte) value;
            Files.write(journal(), changed);
            try {
                Set<Position> positions = reopened();
                assertTrue(states.subList(1, 4).contains(positions), "byte " + i + " as " + value + ": " + positions);
            } catch (FatalException error) {
                detected++;
            }
        }
        assertNotEquals(0, detected);
    }

    @Test
    void damageBeforeTheTailNamesFileLineAndWhatToDo() throws Exception {
        fourSaves();
        byte[] whole = Files.readAllBytes(journal());
        int secondLine = new String(whole, StandardCharsets.US_ASCII).indexOf('\n') + 1;
        whole[secondLine + 20] ^= 1;
        Files.write(journal(), whole);
        FatalException error = assertThrows(FatalException.class, this::reopened);
        assertEquals("the registry file " + journal().toRealPath() + " is damaged: line 2 can't be read; put it back from a"
                + " backup, or delete it to make its worker start afresh", error.getMessage());
    }

    @Test
    void aDamagedJournalIsLeftAsItIs() throws Exception {
        fourSaves();
        byte[] whole = Files.readAllBytes(journal());
        whole[3] ^= 1;
        Files.write(journal(), whole);
        assertThrows(FatalException.class, this::reopened);
        assertEquals(Arrays.toString(whole), Arrays.toString(Files.readAllBytes(journal())));
    }

    @Test
    void theJournalOfAnotherWorkerIsRefused() throws Exception {
        fourSaves();
        Files.move(journal(), dir.resolve("x.journal"));
        try (FileRegistry registry = new FileRegistry(dir)) {
            FatalException error = assertThrows(FatalException.class, () -> registry.open("x"));
            assertTrue(error.getMessage().contains("belongs to worker 'w'"), error.getMessage());
        }
    }

    @Test
    void aSaveOverwritesWhatAFailedOneLeftBehind() throws Exception {
        try (FileRegistry registry = new FileRegistry(dir)) {
            registry.open("w");
            registry.save(List.of(at("a", 1)));
            Files.writeString(journal(), "1234abcd {\"posi", StandardOpenOption.APPEND);
            registry.save(List.of(at("a", 2)));
            registry.save(List.of(at("a", 3)));
        }
        assertEquals(Set.of(at("a", 3)), reopened());
    }

    @Test
    void aSaveThatWasInterruptedCanBeTriedAgain() throws Exception {
        try (FileRegistry registry = new FileRegistry(dir)) {
            registry.open("w");
            Thread.currentThread().interrupt();
            assertThrows(RetryableException.class, () -> registry.save(List.of(at("a", 1))));
            assertTrue(Thread.interrupted());
            registry.save(List.of(at("a", 2)));
        }
        assertEquals(Set.of(at("a", 2)), reopened());
    }

    @Test
    void theJournalIsCompactedWhenItGetsLong() throws Exception {
        try (FileRegistry registry = new FileRegistry(dir, 4096)) {
            registry.open("w");
            for (int i = 0; i < 300; i++) {
                registry.save(List.of(at("a", i)));
                assertTrue(Files.size(journal()) < 4096 + 200);
            }
        }
        assertEquals(Set.of(at("a", 299)), reopened());
    }

    @Test
    void compactionKeepsThePositionsOfAllPartitions() throws Exception {
        Set<Position> expected = new HashSet<>();
        try (FileRegistry registry = new FileRegistry(dir, 4096)) {
            registry.open("w");
            for (int i = 0; i < 200; i++) {
                registry.save(List.of(at("f" + i, 1)));
                registry.save(List.of(at("f" + i, i)));
                expected.add(at("f" + i, i));
            }
        }
        assertEquals(expected, reopened());
    }

    @Test
    void aCompactionThatCrashedBeforeItsRenameChangesNothing() throws Exception {
        List<Set<Position>> states = fourSaves();
        byte[] whole = Files.readAllBytes(journal());
        for (int length = 0; length <= 60; length += 20) {
            Files.write(dir.resolve("w.journal.tmp"), Arrays.copyOf(whole, length));
            assertEquals(states.get(3), reopened());
            assertFalse(Files.exists(dir.resolve("w.journal.tmp")));
        }
    }

    @Test
    void aFirstStartThatCrashedBeforeItsRenameStartsAfresh() throws Exception {
        Files.write(dir.resolve("w.journal.tmp"), new byte[]{1, 2, 3});
        assertEquals(Set.of(), reopened());
    }

    @Test
    void aCompactionThatFailsDoesNotFailTheSave() throws Exception {
        try (FileRegistry registry = new FileRegistry(dir, 200)) {
            registry.open("w");
            // a folder in the way of the temporary file
            Files.createDirectories(dir.resolve("w.journal.tmp/x"));
            for (int i = 0; i < 20; i++) {
                registry.save(List.of(at("a", i)));
            }
            Files.delete(dir.resolve("w.journal.tmp/x"));
            Files.delete(dir.resolve("w.journal.tmp"));
        }
        assertEquals(Set.of(at("a", 19)), reopened());
    }

    @Test
    void workersOfOtherNamesHaveJournalsOfTheirOwn() throws Exception {
        List<String> names = List.of("w", "W/w", "../w", "..", ".", "", "ü", "%", "w%", "w w", "x".repeat(500),
                "x".repeat(500) + "y", "😀".repeat(100));
        for (String name : names) {
            try (FileRegistry registry = new FileRegistry(dir)) {
                registry.open(name);
                registry.save(List.of(at(name, name.length())));
            }
        }
        for (String name : names) {
            try (FileRegistry registry = new FileRegistry(dir)) {
                assertEquals(List.of(at(name, name.length())), List.copyOf(registry.open(name)));
            }
        }
        try (var files = Files.list(dir)) {
            assertEquals(names.size() * 2L, files.count());
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "");
        try (FileRegistry registry = new FileRegistry(file)) {
            FatalException error = assertThrows(FatalException.class, () -> registry.open("w"));
            assertTrue(error.getMessage().contains(file + " is not a folder"), error.getMessage());
        }
    }

    @Test
    void closingWithoutOpeningDoesNothing() {
        new FileRegistry(dir.resolve("none")).close();
        assertFalse(Files.exists(dir.resolve("none")));
    }
}
