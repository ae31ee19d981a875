package dev.emc.core.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.core.engine.LeaseHeldException;
import dev.emc.core.engine.OffsetStore;

/** The journals of the file registry as the {@code offsets} commands see them. */
class FileOffsetsTest {

    @TempDir
    Path dir;

    private static Position at(String file, long offset) {
        return new Position(Map.of("file", file), Map.of("byte", offset));
    }

    private void saved(String worker, Position... positions) throws Exception {
        try (FileRegistry registry = new FileRegistry(dir)) {
            registry.open(worker);
            registry.save(List.of(positions));
        }
    }

    private OffsetStore store() {
        return new FileOffsets(dir);
    }

    private Set<Position> positions(String worker) throws Exception {
        return new HashSet<>(store().read(worker).orElseThrow().positions());
    }

    @Test
    void workersAreListedByName() throws Exception {
        saved("w/2");
        saved("w 1");
        assertEquals(List.of("w 1", "w/2"), store().workers());
    }

    @Test
    void aMissingFolderHasNoWorkers() throws Exception {
        assertEquals(List.of(), new FileOffsets(dir.resolve("none")).workers());
    }

    @Test
    void aDamagedJournalIsListedByItsFile() throws Exception {
        Files.writeString(dir.resolve("w.journal"), "nonsense\n");
        assertEquals(List.of("w"), store().workers());
    }

    @Test
    void aDamagedJournalCannotBeRead() throws Exception {
        Files.writeString(dir.resolve("w.journal"), "nonsense\n");
        assertThrows(FatalException.class, () -> store().read("w"));
    }

    @Test
    void nothingIsReadOfAWorkerThatNeverRan() throws Exception {
        assertEquals(Optional.empty(), store().read("w"));
        assertEquals(Optional.empty(), new FileOffsets(dir.resolve("none")).read("w"));
    }

    @Test
    void theNewestPositionsAreRead() throws Exception {
        saved("w", at("a", 1), at("b", 1));
        saved("w", at("a", 2));
        assertEquals(Set.of(at("a", 2), at("b", 1)), positions("w"));
    }

    @Test
    void aStoppedWorkerHasNoHolder() throws Exception {
        saved("w");
        assertEquals(Optional.empty(), store().read("w").orElseThrow().holder());
    }

    @Test
    void aRunningWorkerIsReadTogetherWithItsHolder() throws Exception {
        try (FileRegistry running = new FileRegistry(dir)) {
            running.open("w");
            running.save(List.of(at("a", 1)));
            // as if it was just being written
            Files.writeString(dir.resolve("w.journal"), "1234abcd {\"posi", StandardOpenOption.APPEND);
            OffsetStore.Content content = store().read("w").orElseThrow();
            assertEquals(Set.of(at("a", 1)), new HashSet<>(content.positions()));
            assertEquals(Optional.of("pid " + ProcessHandle.current().pid()), content.holder());
            running.save(List.of(at("a", 2)));
        }
        assertEquals(Set.of(at("a", 2)), positions("w"));
    }

    @Test
    void replacedPositionsAreAllThereIs() throws Exception {
        saved("w", at("a", 1), at("b", 1));
        store().replace("w", List.of(at("a", 5), at("c", 6)), false);
        assertEquals(Set.of(at("a", 5), at("c", 6)), positions("w"));
        try (FileRegistry registry = new FileRegistry(dir)) {
            assertEquals(Set.of(at("a", 5), at("c", 6)), new HashSet<>(registry.open("w")));
        }
    }

    @Test
    void positionsCanBeSetBeforeAWorkerRunsForTheFirstTime() throws Exception {
        FileOffsets elsewhere = new FileOffsets(dir.resolve("new/folder"));
        elsewhere.replace("w", List.of(at("a", 5)), false);
        assertEquals(List.of("w"), elsewhere.workers());
    }

    @Test
    void positionsOfARunningWorkerAreNotReplaced() throws Exception {
        try (FileRegistry running = new FileRegistry(dir)) {
            running.open("w");
            running.save(List.of(at("a", 1)));
            for (boolean force : new boolean[]{false, true}) {
                LeaseHeldException held = assertThrows(LeaseHeldException.class,
                        () -> store().replace("w", List.of(at("a", 5)), force));
                assertTrue(held.getMessage().contains("stop it"), held.getMessage());
            }
        }
        assertEquals(Set.of(at("a", 1)), positions("w"));
    }

    @Test
    void aPartitionThatWasGivenUpIsForgotten() throws Exception {
        saved("w", at("a", 1), at("b", 1));
        saved("w", new Position(Map.of("file", "a"), Map.of()), at("b", 2));
        assertEquals(Set.of(at("b", 2)), positions("w"));
        assertFalse(reopened().stream().anyMatch(position -> position.partition().get("file").equals("a")));
    }

    private Collection<Position> reopened() throws Exception {
        try (FileRegistry registry = new FileRegistry(dir)) {
            return registry.open("w");
        }
    }
}
