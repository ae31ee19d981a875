package dev.emc.core.deadletters;

import static dev.emc.core.deadletters.Letters.all;
import static dev.emc.core.deadletters.Letters.event;
import static dev.emc.core.deadletters.Letters.letter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.core.engine.DeadLetter;

class ReplayTest {

    @TempDir
    Path folder;

    private DeadLetterFile file() {
        return DeadLetterFile.of(folder, "w");
    }

    private List<String> keep(int letters) throws Exception {
        List<DeadLetter> some = new ArrayList<>();
        for (int i = 1; i <= letters; i++) {
            some.add(letter(event("" + i).build()));
        }
        new FileDeadLetters(folder, "w").keep(some);
        return all(file()).stream().map(DeadLetterEntry::id).toList();
    }

    private List<Boolean> replayed() throws Exception {
        return all(file()).stream().map(DeadLetterEntry::replayed).toList();
    }

    @Test
    void noFileMeansNoLetters() throws Exception {
        assertEquals(List.of(), all(file()));
    }

    @Test
    void aLetterIsFoundByItsId() throws Exception {
        List<String> ids = keep(3);
        assertEquals("2", file().find(ids.get(1)).orElseThrow().record().id());
        assertTrue(file().find("else-1").isEmpty());
    }

    @Test
    void whatIsDoneIsMarked() throws Exception {
        List<String> ids = keep(3);
        try (Replay replay = file().replay()) {
            replay.done(ids.get(0));
            replay.done(ids.get(2));
        }
        assertEquals(List.of(true, false, true), replayed());
        assertTrue(file().find(ids.get(2)).orElseThrow().replayed());
    }

    @Test
    void aLaterReplayKnowsTheMarksOfAnEarlierOne() throws Exception {
        List<String> ids = keep(2);
        try (Replay replay = file().replay()) {
            replay.done(ids.get(0));
        }
        try (Replay replay = file().replay(); DeadLetterReader reader = replay.read()) {
            assertEquals(List.of(true, false), all(reader).stream().map(DeadLetterEntry::replayed).toList());
            replay.done(ids.get(1));
        }
        assertEquals(List.of(true, true), replayed());
    }

    @Test
    void marksThatWereNotFlushedAreLostInACrash() throws Exception {
        List<String> ids = keep(1);
        try (Replay replay = file().replay()) {
            replay.done(ids.get(0));
            assertEquals(List.of(false), replayed());
            replay.flush();
            assertEquals(List.of(true), replayed());
        }
    }

    @Test
    void aTornMarkMarksNothing() throws Exception {
        List<String> ids = keep(17);
        Path marks = folder.resolve("w.replayed");
        // the beginning of the mark of letter 17 names letter 1
        Files.writeString(marks, ids.get(16).substring(0, ids.get(16).length() - 1));
        try (Replay replay = file().replay()) {
            replay.done(ids.get(3));
        }
        List<Boolean> replayed = replayed();
        assertEquals(1, replayed.stream().filter(done -> done).count());
        assertTrue(replayed.get(3));
    }

    @Test
    void oneCanReplayAtATime() throws Exception {
        keep(1);
        try (Replay first = file().replay()) {
            ReplayHeldException held = assertThrows(ReplayHeldException.class, () -> file().replay());
            assertTrue(held.getMessage().contains("'w'"), held.getMessage());
        }
        file().replay().close();
    }

    @Test
    void lettersThatCameLaterAreNotReadInTheSamePass() throws Exception {
        keep(2);
        try (DeadLetterReader reader = file().read()) {
            keep(1);
            assertEquals(2, all(reader).size());
        }
        assertEquals(3, all(file()).size());
    }

    @Test
    void aLetterThatIsBeingWrittenIsNotReadYet() throws Exception {
        keep(1);
        Files.writeString(file().path(), "{\"id\":\"a-1\"", StandardOpenOption.APPEND);
        try (DeadLetterReader reader = file().read()) {
            assertEquals(1, all(reader).size());
            assertEquals(0, reader.damaged());
        }
    }

    @Test
    void longLettersAreRead() throws Exception {
        new FileDeadLetters(folder, "w").keep(List.of(letter(event("1").data(new byte[3_000_000]).build()),
                letter(event("2").build())));
        assertEquals(List.of("1", "2"), Letters.events(file()));
    }
}
