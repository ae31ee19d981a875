package dev.emc.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.SourceRecord;
import dev.emc.wire.StructuredJson;

class FileSourceTest {

    @TempDir
    Path folder;

    final SourceRunner driver = new SourceRunner();

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private List<String> read(Object... keysAndValues) throws Exception {
        return SourceRunner.texts(driver.readAll(keysAndValues));
    }

    @Test
    void sendsEachLineWithoutItsLineEnd() throws Exception {
        Path file = write("a.log", "first\r\nsecönd\n\n漢字 🙂\nlast without end");
        List<SourceRecord> records = driver.readAll("path", file);
        assertEquals(List.of("first", "secönd", "", "漢字 🙂", "last without end"), SourceRunner.texts(records));
        assertEquals("text/plain", records.get(0).contentType());
    }

    @Test
    void keepsCarriageReturnsWhenTold() throws Exception {
        assertEquals(List.of("a\r", "b"), read("path", write("a.log", "a\r\nb\n"), "strip-cr", false));
    }

    @Test
    void saysWhereEachRecordStands() throws Exception {
        Path file = write("a b.log", "one\ntwo\n");
        SourceRecord second = driver.readAll("path", file).get(1);
        assertEquals(file.toString(), second.attribute("filepath"));
        assertEquals("4", second.attribute("fileoffset"));
        assertEquals("file://" + folder + "/a%20b.log", second.attribute("source"));
        assertEquals("dev.emc.file.line", second.attribute("type"));
    }

    @Test
    void takesTheTypeFromTheConfiguration() throws Exception {
        assertEquals("my.type", driver.readAll("path", write("a", "x\n"), "type", "my.type").get(0).attribute("type"));
    }

    @Test
    void givesTheSameIdsAfterARestartAndDifferentOnesToDifferentLines() throws Exception {
        Path file = write("a.log", "same\nsame\nother\n");
        List<String> first = driver.readAll("path", file).stream().map(ConnectorRecord::id).toList();
        List<String> again = new SourceRunner().readAll("path", file).stream().map(ConnectorRecord::id).toList();
        assertEquals(first, again);
        assertEquals(3, new HashSet<>(first).size());
    }

    @Test
    void keepsInvalidBytesAsTheyAre() throws Exception {
        Path file = Files.write(folder.resolve("a"), new byte[]{'a', (byte) 0xff, 0, '\n', 'b', '\n'});
        List<SourceRecord> records = driver.readAll("path", file);
        assertArrayEquals(new byte[]{'a', (byte) 0xff, 0}, records.get(0).data());
        assertEquals(2, records.size());
    }

    @Test
    void replacesInvalidBytesWhenTold() throws Exception {
        Path file = Files.write(folder.resolve("a"), new byte[]{'a', (byte) 0xff, '\n'});
        assertEquals(List.of("a\ufffd"), read("path", file, "invalid-bytes", "replace"));
    }

    @Test
    void stopsAtInvalidBytesWhenToldButSendsWhatStandsBefore() throws Exception {
        Path file = Files.write(folder.resolve("a"), new byte[]{'a', '\n', (byte) 0xff, '\n'});
        try (FileSource source = driver.start("path", file, "follow", false, "invalid-bytes", "fail")) {
            assertEquals(1, source.poll(10, Duration.ofMillis(100)).size());
            FatalException fatal = assertThrows(FatalException.class, () -> source.poll(10, Duration.ofMillis(100)));
            assertTrue(fatal.getMessage().contains("byte 2 of " + file), fatal.getMessage());
        }
    }

    @Test
    void splitsLinesThatAreTooLongWithoutLosingAByte() throws Exception {
        String line = "ä".repeat(1000) + "end";
        List<String> parts = read("path", write("a", "short\n" + line + "\nnext\n"), "max-record-bytes", 101);
        assertEquals("short", parts.get(0));
        assertEquals(line, String.join("", parts.subList(1, parts.size() - 1)));
        assertTrue(parts.stream().allMatch(part -> part.getBytes(StandardCharsets.UTF_8).length <= 101));
        assertEquals("next", parts.get(parts.size() - 1));
    }

    @Test
    void takesALineOfExactlyTheLongestLength() throws Exception {
        String line = "x".repeat(100);
        assertEquals(List.of(line, line, line),
                read("path", write("a", line + "\n" + line + "\r\n" + line), "max-record-bytes", 100));
    }

    @Test
    void truncatesLongLinesWhenTold() throws Exception {
        assertEquals(List.of("a", "x".repeat(100), "b"), read("path", write("a", "a\n" + "x".repeat(1_000_000) + "\nb\n"),
                "max-record-bytes", 100, "long-records", "truncate"));
    }

    @Test
    void skipsLongLinesWhenTold() throws Exception {
        assertEquals(List.of("a", "b"),
                read("path", write("a", "a\n" + "x".repeat(1_000_000) + "\nb\n"), "max-record-bytes", 100,
                        "long-records", "skip"));
    }

    @Test
    void failsAtALongLineWhenTold() throws Exception {
        Path file = write("a", "x".repeat(101) + "\n");
        FatalException fatal = assertThrows(FatalException.class,
                () -> read("path", file, "max-record-bytes", 100, "long-records", "fail"));
        assertTrue(fatal.getMessage().contains("byte 0 of " + file), fatal.getMessage());
    }

    @Test
    void readsLinesLongerThanItsBuffer() throws Exception {
        String large = "y".repeat(3_000_000);
        assertEquals(List.of("a", large, "b"), read("path", write("a", "a\n" + large + "\nb\n"), "max-record-bytes", "4M"));
    }

    @Test
    void readsAnEmptyFile() throws Exception {
        assertEquals(List.of(), read("path", write("a", "")));
    }

    @Test
    void readsSeveralPathsPatternsAndFolders() throws Exception {
        write("x/a.log", "a\n");
        write("x/b.log", "b\n");
        write("x/b.txt", "no\n");
        write("x/deep/er/c.csv", "c\n");
        write("y/d", "d\n");
        write("y/.hidden", "no\n");
        write("y/below/e", "no\n");
        write("z", "z\n");
        List<String> lines = read("path", folder + "/x/*.log," + folder + "/**/c.*," + folder + "/y," + folder + "/z");
        assertEquals(Set.of("a", "b", "c", "d", "z"), new HashSet<>(lines));
        assertEquals(5, lines.size());
    }

    @Test
    void readsFoldersWithinFoldersWhenTold() throws Exception {
        write("y/d", "d\n");
        write("y/below/e", "e\n");
        Files.createSymbolicLink(folder.resolve("y/below/circle"), folder.resolve("y"));
        assertEquals(Set.of("d", "e"), new HashSet<>(read("path", folder.resolve("y"), "recursive", true)));
    }

    @Test
    void leavesOutExcludedNames() throws Exception {
        write("y/a", "a\n");
        write("y/b.tmp", "b\n");
        assertEquals(List.of("a"), read("path", folder.resolve("y"), "exclude", "*.tmp,*.bak"));
    }

    @Test
    void readsAFileOnceThatTwoPathsMean() throws Exception {
        Path file = write("a.log", "a\n");
        assertEquals(List.of("a"), read("path", file + "," + folder + "/*.log"));
    }

    @Test
    void readsOlderFilesFirst() throws Exception {
        Path newer = write("a.log", "new\n");
        Path older = write("b.log", "old\n");
        Files.setLastModifiedTime(older, java.nio.file.attribute.FileTime.fromMillis(1000));
        Files.setLastModifiedTime(newer, java.nio.file.attribute.FileTime.fromMillis(2000));
        assertEquals(List.of("old", "new"), read("path", folder + "/*.log"));
    }

    @Test
    void readsCompressedFilesByTheirContent() throws Exception {
        Path file = folder.resolve("archive");
        byte[] first = gzip("one\ntw");
        byte[] second = gzip("o\nthree");
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        Files.write(file, both);
        List<SourceRecord> records = driver.readAll("path", file);
        assertEquals(List.of("one", "two", "three"), SourceRunner.texts(records));
        assertEquals("8", records.get(2).attribute("fileoffset"));
    }

    @Test
    void saysThatACompressedFileIsDamagedAfterReadingTheRest() throws Exception {
        byte[] bytes = gzip("one\ntwo\n".repeat(50_000));
        Files.write(folder.resolve("a.gz"), java.util.Arrays.copyOf(bytes, bytes.length - 100));
        write("b", "b\n");
        try (FileSource source = driver.start("path", folder, "follow", false)) {
            List<SourceRecord> records = new java.util.ArrayList<>();
            FatalException fatal = assertThrows(FatalException.class, () -> {
                while (true) {
                    records.addAll(source.poll(1000, Duration.ofMillis(100)));
                }
            });
            assertTrue(fatal.getMessage().contains("a.gz"), fatal.getMessage());
            assertTrue(SourceRunner.texts(records).contains("b"));
            assertTrue(records.size() > 1000);
        }
    }

    @Test
    void resumesACompressedFile() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append("line ").append(i).append('\n');
        }
        Path file = Files.write(folder.resolve("a.gz"), gzip(text.toString()));
        try (FileSource source = driver.start("path", file, "follow", false)) {
            driver.take(source, 12_345);
        }
        List<String> rest = read("path", file);
        assertEquals("line 12345", rest.get(0));
        assertEquals(20_000 - 12_345, rest.size());
        assertEquals(List.of(), read("path", file));
    }

    @Test
    void readsEventsWithAllTheirAttributes() throws Exception {
        ConnectorRecord event = ConnectorRecord.builder().data(new byte[]{0, 1, (byte) 0xff}).contentType("application/x-thing")
                .attribute("id", "4711").attribute("source", "/s").attribute("type", "t").attribute("subject", "s")
                .attribute("tenant", "acme").attribute("count", 5).timestamp(java.time.Instant.parse("2026-11-22T10:00:00Z"))
                .build();
        Path file = write("a.ndjson", "\ufeff" + new String(StructuredJson.write(event), StandardCharsets.UTF_8) + "\n\n");
        List<SourceRecord> records = driver.readAll("path", file, "format", "cloudevents");
        assertEquals(1, records.size());
        SourceRecord record = records.get(0);
        assertArrayEquals(event.data(), record.data());
        assertEquals(event.contentType(), record.contentType());
        assertEquals(event.timestamp(), record.timestamp());
        event.attributes().forEach((name, value) -> assertEquals(value, record.attributes().get(name)));
        assertEquals(file.toString(), record.attribute("filepath"));
        assertEquals("0", record.attribute("fileoffset"));
    }

    @Test
    void stopsAtALineThatIsNoEvent() throws Exception {
        Path file = write("a.ndjson", "not json\n");
        FatalException fatal = assertThrows(FatalException.class,
                () -> read("path", file, "format", "cloudevents", "bad-records", "fail"));
        assertTrue(fatal.getMessage().startsWith("the line at byte 0 of " + file), fatal.getMessage());
    }

    @Test
    void handsALineThatIsNoEventToTheWorkerAsItStands() throws Exception {
        String event = new String(StructuredJson.write(SinkRunner.record("x")), StandardCharsets.UTF_8);
        Path file = write("a.ndjson", "not json\n" + event + "\n");
        List<SourceRecord> records = driver.readAll("path", file, "format", "cloudevents");
        assertEquals(List.of("not json", "x"), SourceRunner.texts(records));
        assertTrue(records.get(0).problem().getMessage().startsWith("the line at byte 0 of " + file));
        assertNull(records.get(1).problem());
        assertEquals(List.of(), read("path", file, "format", "cloudevents"));
    }

    @Test
    void skipsLinesThatAreNoEventsWhenTold() throws Exception {
        String event = new String(StructuredJson.write(SinkRunner.record("x")), StandardCharsets.UTF_8);
        Path file = write("a.ndjson", "not json\n" + event + "\n{\"half\":");
        assertEquals(List.of("x"), read("path", file, "format", "cloudevents", "bad-records", "skip"));
    }

    @Test
    void makesAnObjectOfEachCsvRow() throws Exception {
        Path file = write("a.csv",
                "\ufeffid,\"na\"\"me\",note,note\r\n1,Ümit,\"two\nlines, \"\"quoted\"\"\",x\r\n\r\n2,\\,,\n3,b,c,d,extra\n4");
        List<SourceRecord> records = driver.readAll("path", file, "format", "csv");
        assertEquals(List.of("{\"id\":\"1\",\"na\\\"me\":\"Ümit\",\"note\":\"two\\nlines, \\\"quoted\\\"\",\"note_2\":\"x\"}",
                "{\"id\":\"2\",\"na\\\"me\":\"\\\\\",\"note\":\"\",\"note_2\":\"\"}",
                "{\"id\":\"3\",\"na\\\"me\":\"b\",\"note\":\"c\",\"note_2\":\"d\",\"column5\":\"extra\"}", "{\"id\":\"4\"}"),
                SourceRunner.texts(records));
        assertEquals("application/json", records.get(0).contentType());
        assertEquals("dev.emc.file.row", records.get(0).attribute("type"));
    }

    @Test
    void readsCsvWithAnotherDelimiter() throws Exception {
        assertEquals(List.of("{\"a\":\"1,5\",\"b\":\"2\"}"),
                read("path", write("a.csv", "a;b\n1,5;2\n"), "format", "csv", "delimiter", ";"));
        assertEquals(List.of("{\"a\":\"1\",\"b\":\"2\"}"),
                read("path", write("a.tsv", "a\tb\n1\t2\n"), "format", "csv", "delimiter", "\\t"));
    }

    @Test
    void knowsTheColumnsAfterARestart() throws Exception {
        Path file = write("a.csv", "\ufeffid,name\n1,a\n2,b\n");
        try (FileSource source = driver.start("path", file, "follow", false, "format", "csv")) {
            driver.take(source, 1);
        }
        assertEquals(List.of("{\"id\":\"2\",\"name\":\"b\"}"), read("path", file, "format", "csv"));
    }

    @Test
    void saysWhereAQuoteIsNotClosed() throws Exception {
        Path file = write("a.csv", "id\n\"1\n2\n");
        FatalException fatal = assertThrows(FatalException.class,
                () -> read("path", file, "format", "csv", "bad-records", "fail"));
        assertTrue(fatal.getMessage().contains("byte 3 of " + file) && fatal.getMessage().contains("quote"),
                fatal.getMessage());
    }

    @Test
    void sendsWholeFilesWithTheirType() throws Exception {
        write("y/a.json", "{\n\"a\": 1\n}\n");
        Files.write(folder.resolve("y/b.png"), new byte[]{1, 2, 3});
        Files.write(folder.resolve("y/c.txt.gz"), gzip("text"));
        write("y/empty", "");
        List<SourceRecord> records = driver.readAll("path", folder.resolve("y"), "format", "whole");
        assertEquals(
                Set.of("application/json {\n\"a\": 1\n}\n", "image/png \1\2\3", "text/plain text", "application/octet-stream "),
                new HashSet<>(records.stream().map(record -> record.contentType() + " " + record.text()).toList()));
        assertEquals(List.of(), read("path", folder.resolve("y"), "format", "whole"));
    }

    @Test
    void sendsAWholeFileAgainWhenItHasChanged() throws Exception {
        Path file = write("a.json", "1");
        assertEquals(List.of("1"), read("path", file, "format", "whole"));
        write("a.json", "22");
        assertEquals(List.of("22"), read("path", file, "format", "whole"));
    }

    @Test
    void failsAtAWholeFileThatIsTooLong() throws Exception {
        Path file = write("a.json", "x".repeat(101));
        FatalException fatal = assertThrows(FatalException.class,
                () -> read("path", file, "format", "whole", "max-record-bytes", 100));
        assertTrue(fatal.getMessage().contains(file.toString()), fatal.getMessage());
    }

    @Test
    void keepsAPositionPerFile() throws Exception {
        write("y/a", "a1\na2\n");
        write("y/b", "b1\nb2\n");
        List<SourceRecord> records = driver.readAll("path", folder.resolve("y"));
        assertEquals(2, records.stream().map(record -> ((Position) record.progress()).partition()).distinct().count());
    }

    @Test
    void boundsThePollInBytes() throws Exception {
        Path file = write("a.log", ("x".repeat(500_000) + "\n").repeat(40));
        try (FileSource source = driver.start("path", file)) {
            assertTrue(source.poll(1000, Duration.ZERO).size() < 20);
        }
    }

    @Test
    void tellsHowManyBytesAreLeft() throws Exception {
        Path file = write("a.log", "x\n".repeat(100));
        try (FileSource source = driver.start("path", file)) {
            assertEquals(200, source.lag());
            driver.take(source, 60);
            assertEquals(80, source.lag());
            driver.take(source, 40);
            source.poll(1, Duration.ZERO);
            assertEquals(0, source.lag());
        }
    }

    @Test
    void refusesAMissingFileWhenItDoesNotFollow() {
        FatalException fatal = assertThrows(FatalException.class, () -> read("path", folder.resolve("none.log")));
        assertTrue(fatal.getMessage().contains("none.log") && fatal.getMessage().contains("no such file"), fatal.getMessage());
    }

    @Test
    void isExhaustedAtOnceWhenAPatternMatchesNothing() throws Exception {
        assertEquals(List.of(), read("path", folder + "/*.log"));
    }

    @Test
    void refusesAnUnsuitableDelimiter() throws Exception {
        Path file = write("a.csv", "a\n");
        assertThrows(FatalException.class, () -> read("path", file, "format", "csv", "delimiter", "ab"));
        assertThrows(FatalException.class, () -> read("path", file, "format", "csv", "delimiter", "\""));
    }

    @Test
    void aFileInPlaceOfItsFolderIsAnError() throws Exception {
        Path notAFolder = write("file", "");

        FatalException fatal = assertThrows(FatalException.class,
                () -> read("path", notAFolder.resolve("in.log"), "follow", true));
        assertTrue(fatal.getMessage().contains(notAFolder + " is not a folder"), fatal.getMessage());
    }

    @Test
    void tellsFilesWithTheSameContentApart() throws Exception {
        write("y/a", "same\n");
        write("y/b", "same\n");
        List<SourceRecord> records = driver.readAll("path", folder.resolve("y"));
        assertEquals(2, records.size());
        assertNotEquals(records.get(0).id(), records.get(1).id());
    }

    @Test
    void readsAPipeToItsEnd() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Process writer = new ProcessBuilder("sh", "-c", "{ printf 'one\\ntw'; sleep 0.3; printf 'o\\nlast'; } > " + pipe)
                .start();
        assertEquals(List.of("one", "two", "last"), read("path", pipe));
        assertEquals(0, writer.waitFor());
    }
}
