package dev.emc.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.SourceRecord;

class FileSourceFollowTest {

    @TempDir
    Path folder;

    final SourceRunner driver = new SourceRunner();

    private Path append(Path file, String text) throws IOException {
        return Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<String> take(FileSource source, int count) throws Exception {
        return SourceRunner.texts(driver.take(source, count));
    }

    /** More than what a file is recognised by. */
    private static String many(String prefix, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(prefix).append(' ').append(i).append(" of the lines that were written before\n");
        }
        return text.toString();
    }

    @Test
    void sendsLinesAsTheyAreAppended() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\n");
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of("one"), take(source, 1));
            append(file, "two\n");
            assertEquals(List.of("two"), take(source, 1));
            assertFalse(source.exhausted());
        }
    }

    @Test
    void waitsForTheEndOfALine() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\ntw");
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of("one"), take(source, 1));
            append(file, "o");
            assertEquals(List.of(), driver.surplus(source, 400));
            append(file, "\n");
            assertEquals(List.of("two"), take(source, 1));
        }
    }

    @Test
    void waitsForAFileThatIsNotThereYet() throws Exception {
        Path file = folder.resolve("later/a.log");
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of(), driver.surplus(source, 50));
            Files.createDirectory(file.getParent());
            append(file, "one\n");
            assertEquals(List.of("one"), take(source, 1));
        }
    }

    @Test
    void findsNewFilesOfAPatternAndAFolder() throws Exception {
        Files.createDirectory(folder.resolve("y"));
        try (FileSource source = driver.follow("path", folder + "/*.log," + folder.resolve("y"))) {
            append(folder.resolve("a.log"), "a\n");
            append(folder.resolve("y/b"), "b\n");
            assertEquals(Set.of("a", "b"), new HashSet<>(take(source, 2)));
        }
    }

    @Test
    void readsARotatedFileToItsEndAndThenTheNewOne() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\n");
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of("one"), take(source, 1));
            append(file, "two\n");
            Files.move(file, folder.resolve("a.log.1"));
            append(file, "three\n");
            assertEquals(List.of("two", "three"), take(source, 2));
            append(file, "four\n");
            assertEquals(List.of("four"), take(source, 1));
            assertEquals(List.of(), driver.surplus(source, 500));
        }
    }

    @Test
    void readsWhatIsWrittenToAFileAfterItsRotation() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\n");
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of("one"), take(source, 1));
            Path moved = Files.move(file, folder.resolve("a.log.1"));
            append(file, "new\n");
            append(moved, "late\n");
            assertEquals(Set.of("new", "late"), new HashSet<>(take(source, 2)));
        }
    }

    @Test
    void sendsTheLastLineOfARotatedFileWithoutLineEndBeforeTheNewFile() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\ntorn");
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of("one"), take(source, 1));
            Files.move(file, folder.resolve("a.log.1"));
            append(file, "new\n");
            assertEquals(List.of("torn", "new"), take(source, 2));
        }
    }

    @Test
    void readsFilesThatCameAndWentBetweenTwoLooks() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\n");
        try (FileSource source = driver.start("path", file, "scan-interval", "200ms", "settle", "300ms")) {
            assertEquals(List.of("one"), take(source, 1));
            Files.move(file, folder.resolve("a.log.1"));
            append(file, "two\n");
            Files.move(folder.resolve("a.log.1"), folder.resolve("a.log.2"));
            Files.move(file, folder.resolve("a.log.1"));
            append(file, "three\n");
            assertEquals(List.of("two", "three"), take(source, 2));
            assertEquals(List.of(), driver.surplus(source, 600));
        }
    }

    @Test
    void beginsAnewWhenAFileWasEmptied() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\ntwo\n");
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of("one", "two"), take(source, 2));
            Files.writeString(file, "new\n");
            assertEquals(List.of("new"), take(source, 1));
        }
    }

    @Test
    void beginsAnewWhenAFileWasWrittenAnewAndIsLongerThanBefore() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\ntwo\n");
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of("one", "two"), take(source, 2));
            Files.writeString(file, "other\ncontent\nthan before\n");
            assertEquals(List.of("other", "content", "than before"), take(source, 3));
        }
    }

    @Test
    void readsTheRestOfAFileFromTheCopyThatRotationMade() throws Exception {
        Path file = append(folder.resolve("a.log"), many("old", 20));
        try (FileSource source = driver.follow("path", file)) {
            take(source, 20);
            append(file, "unread\n");
            Files.copy(file, folder.resolve("a.log.1"));
            Files.writeString(file, "new\n");
            Set<String> all = new HashSet<>(take(source, 2));
            assertEquals(Set.of("unread", "new"), all);
            assertEquals(List.of(), driver.surplus(source, 700));
        }
    }

    @Test
    void doesNotReadACopyTwiceThatThePatternMatches() throws Exception {
        Path file = append(folder.resolve("a.log"), many("old", 20));
        try (FileSource source = driver.follow("path", folder + "/a.log*")) {
            take(source, 20);
            Files.copy(file, folder.resolve("a.log.1"));
            assertEquals(List.of(), driver.surplus(source, 100));
            Files.writeString(file, "new\n");
            assertEquals(List.of("new"), take(source, 1));
            assertEquals(List.of(), driver.surplus(source, 700));
        }
    }

    @Test
    void doesNotReadACopyAgainAfterARestart() throws Exception {
        Path file = append(folder.resolve("a.log"), many("old", 20));
        for (int rotation = 2; rotation > 0; rotation--) {
            try (FileSource source = driver.follow("path", folder + "/a.log*")) {
                take(source, rotation == 2 ? 20 : 30);
                Files.copy(file, folder.resolve("a.log." + rotation));
                Files.writeString(file, rotation == 2 ? many("new", 30) : "newest\n");
            }
        }
        try (FileSource source = driver.follow("path", folder + "/a.log*")) {
            assertEquals(List.of("newest"), take(source, 1));
            assertEquals(List.of(), driver.surplus(source, 500));
        }
    }

    @Test
    void readsATrueCopyAfterAWhile() throws Exception {
        Path file = append(folder.resolve("a.log"), many("old", 20));
        try (FileSource source = driver.follow("path", folder + "/a*")) {
            take(source, 20);
            Files.copy(file, folder.resolve("a.log.copy"));
            assertEquals(20, take(source, 20).size());
        }
    }

    @Test
    void readsAFileThatWasDeletedAndMadeAnew() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\n");
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of("one"), take(source, 1));
            Files.delete(file);
            assertEquals(List.of(), driver.surplus(source, 50));
            append(file, "new\n");
            assertEquals(List.of("new"), take(source, 1));
        }
    }

    @Test
    void doesNotReadAFileAgainThatIsRenamedWithinThePattern() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\n");
        try (FileSource source = driver.follow("path", folder + "/*.log")) {
            assertEquals(List.of("one"), take(source, 1));
            Path moved = Files.move(file, folder.resolve("b.log"));
            append(moved, "two\n");
            assertEquals(List.of("two"), take(source, 1));
            assertEquals(List.of(), driver.surplus(source, 100));
        }
    }

    @Test
    void findsAFileThatWasRenamedWhileItStoodStill() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\ntwo\n");
        try (FileSource source = driver.follow("path", file)) {
            take(source, 1);
        }
        append(file, "three\n");
        Files.move(file, folder.resolve("a.log.1"));
        append(file, "four\n");
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of("two", "three", "four"), take(source, 3));
            assertEquals(List.of(), driver.surplus(source, 500));
        }
    }

    @Test
    void findsAllFilesThatWereRotatedWhileItStoodStill() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\n");
        append(folder.resolve("a.log.9"), "older than the first start\n");
        Files.setLastModifiedTime(folder.resolve("a.log.9"), java.nio.file.attribute.FileTime.fromMillis(1));
        try (FileSource source = driver.follow("path", file)) {
            take(source, 1);
        }
        append(file, "two\n");
        Files.move(file, folder.resolve("a.log.2"));
        append(folder.resolve("a.log.1"), "three\n");
        append(file, "four\n");
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of("two", "three", "four"), take(source, 3));
            assertEquals(List.of(), driver.surplus(source, 500));
        }
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of(), driver.surplus(source, 500));
        }
    }

    @Test
    void readsTheRestOfARotatedFileAlthoughTheNewFileIsKnownAlready() throws Exception {
        Path file = append(folder.resolve("a.log"), "one\ntwo\n");
        try (FileSource source = driver.follow("path", file)) {
            take(source, 1);
            assertEquals(List.of("two"), SourceRunner.texts(driver.takeOnly(source, 1)));
            Files.move(file, folder.resolve("a.log.1"));
            append(file, "three\n");
            assertEquals(List.of("three"), take(source, 1));
        }
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of("two"), take(source, 1));
            assertEquals(List.of(), driver.surplus(source, 500));
        }
    }

    @Test
    void doesNotReadAFileAgainThatWasCompressedAfterItWasRead() throws Exception {
        Path file = append(folder.resolve("a.log"), many("old", 20));
        try (FileSource source = driver.follow("path", file)) {
            take(source, 20);
        }
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("a.log.1.gz")))) {
            out.write(Files.readAllBytes(file));
        }
        Files.delete(file);
        append(file, "new\n");
        for (String path : List.of("a.log", "a.log*")) {
            try (FileSource source = driver.follow("path", folder.resolve(path))) {
                assertEquals(path.equals("a.log") ? List.of("new") : List.of(), driver.surplus(source, 500));
            }
            if (path.equals("a.log")) {
                driver.readAll("path", file);
            }
        }
    }

    @Test
    void goesOnInAFileThatWasCompressedWhileItStoodStill() throws Exception {
        Path file = append(folder.resolve("a.log"), many("old", 20) + "unread\n");
        try (FileSource source = driver.follow("path", file)) {
            take(source, 20);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(Files.readAllBytes(file));
        }
        Files.write(folder.resolve("a.log.1.gz"), bytes.toByteArray());
        Files.delete(file);
        append(file, "new\n");
        try (FileSource source = driver.follow("path", file)) {
            assertEquals(List.of("unread", "new"), take(source, 2));
            assertEquals(List.of(), driver.surplus(source, 500));
        }
    }

    @Test
    void goesOnInAFileThatHasAnotherInode() throws Exception {
        Path file = append(folder.resolve("a.log"), many("old", 20) + "unread\n");
        try (FileSource source = driver.follow("path", file)) {
            take(source, 20);
        }
        Path copy = Files.copy(file, folder.resolve("restored"));
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(List.of("unread"), SourceRunner.texts(driver.readAll("path", file)));
    }

    @Test
    void readsAFileFromItsBeginningThatWasWrittenAnewWhileItStoodStill() throws Exception {
        Path file = append(folder.resolve("a.log"), many("old", 20));
        assertEquals(20, driver.readAll("path", file).size());
        Files.writeString(file, many("other", 30));
        assertEquals(30, driver.readAll("path", file).size());
    }

    @Test
    void recognisesAShortFileThatHasGrownWhileItStoodStill() throws Exception {
        Path file = append(folder.resolve("a.log"), "a\n");
        assertEquals(1, driver.readAll("path", file).size());
        append(file, many("more", 20));
        assertEquals(20, driver.readAll("path", file).size());
    }

    @Test
    void followsACompressedFileThatGrows() throws Exception {
        Path file = folder.resolve("out.gz");
        try (FileSink sink = SinkRunner.started("path", file, "format", "data", "compression", "gzip");
                FileSource source = driver.follow("path", file)) {
            for (int i = 0; i < 10; i++) {
                sink.put(SinkRunner.numbered(i * 100, i * 100 + 100));
                assertEquals(SinkRunner.numberedText(i * 100, i * 100 + 100), take(source, 100));
            }
        }
    }

    @Test
    void sendsAWholeFileOnceItHasSettledAndAgainWhenItChanges() throws Exception {
        try (FileSource source = driver.follow("path", folder, "format", "whole")) {
            Path file = append(folder.resolve("a.json"), "half");
            assertEquals(List.of(), driver.surplus(source, 100));
            append(file, " and half");
            assertEquals(List.of("half and half"), take(source, 1));
            append(file, " and more");
            assertEquals(List.of("half and half and more"), take(source, 1));
            Files.move(file, folder.resolve("b.json"));
            assertEquals(List.of(), driver.surplus(source, 500));
        }
    }

    @Test
    void readsFilesInTurns() throws Exception {
        append(folder.resolve("large"), many("large", 600_000));
        append(folder.resolve("small"), "small\n");
        try (FileSource source = driver.follow("path", folder)) {
            List<String> before = new java.util.ArrayList<>();
            while (!before.contains("small")) {
                before.addAll(SourceRunner.texts(source.poll(10_000, Duration.ofMillis(100))));
            }
            assertTrue(before.size() < 600_000, "the small file had to wait for all " + before.size());
        }
    }

    @Test
    void hardlyUsesTheProcessorWhileNothingComes() throws Exception {
        for (int i = 0; i < 100; i++) {
            append(folder.resolve("f" + i), "x\n");
        }
        try (FileSource source = driver.start("path", folder)) {
            take(source, 100);
            source.poll(1, Duration.ofMillis(500));
            long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(Thread.currentThread().getId());
            for (int i = 0; i < 4; i++) {
                source.poll(1, Duration.ofMillis(500));
            }
            long used = ManagementFactory.getThreadMXBean().getThreadCpuTime(Thread.currentThread().getId()) - before;
            assertTrue(used < 200_000_000, used / 1_000_000 + " ms of 2000");
        }
    }

    @Test
    void readsStandardInputUntilItEnds() throws Exception {
        Process process = FileSinkFailureTest.java("", StandardInputSource.class);
        process.getOutputStream().write("one\ntw".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        assertEquals('[', process.getInputStream().read());
        process.getOutputStream().write("o\nlast".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        assertEquals("one][two][last]", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, process.waitFor());
    }

    /** Prints the lines of its standard input in brackets. */
    public static final class StandardInputSource {

        public static void main(String[] args) throws Exception {
            try (FileSource source = new SourceRunner().start("path", "-")) {
                while (!source.exhausted()) {
                    for (SourceRecord record : source.poll(10, Duration.ofMillis(100))) {
                        System.out.print("[" + record.text() + "]");
                        System.out.flush();
                    }
                }
            }
        }
    }
}
