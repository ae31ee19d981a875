package dev.emc.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.RetryableException;
import dev.emc.testkit.Configs;

class FileSinkRotationTest {

    @TempDir
    Path folder;

    final SetClock clock = new SetClock();

    static final class SetClock extends Clock {

        Instant now = Instant.parse("2026-11-22T10:15:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private FileSink sink(Object... keysAndValues) throws Exception {
        FileSink sink = new FileSink(Configs.of(FileSinkConfig.class, keysAndValues));
        sink.clock = clock;
        return SinkRunner.start(sink);
    }

    private String read(String name) throws Exception {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void finishesAFileAfterSoManyRecords() throws Exception {
        try (FileSink sink = sink("path", folder.resolve("out.txt"), "format", "data", "rotate.records", 3)) {
            sink.put(SinkRunner.records("1", "2"));
            sink.put(SinkRunner.records("3", "4", "5", "6", "7"));
        }
        assertEquals("1\n2\n3\n", read("out-20261122T101500-0001.txt"));
        assertEquals("4\n5\n6\n", read("out-20261122T101500-0002.txt"));
        assertEquals("7\n", read("out.txt"));
    }

    @Test
    void countsTheRecordsOfAnEarlierRun() throws Exception {
        for (String text : List.of("1", "2", "3", "4")) {
            try (FileSink sink = sink("path", folder.resolve("out.txt"), "format", "data", "rotate.records", 3)) {
                sink.put(SinkRunner.records(text));
            }
        }
        assertEquals("1\n2\n3\n", read("out-20261122T101500-0001.txt"));
        assertEquals("4\n", read("out.txt"));
    }

    @Test
    void countsTheRecordsOfAnEarlierCompressedRun() throws Exception {
        for (String text : List.of("1", "2", "3", "4")) {
            try (FileSink sink = sink("path", folder.resolve("out.txt.gz"), "format", "data", "rotate.records", 3,
                    "compression",
                    "gzip")) {
                sink.put(SinkRunner.records(text));
            }
        }
        assertEquals("1\n2\n3\n", SinkRunner.gunzip(folder.resolve("out-20261122T101500-0001.txt.gz")));
        assertEquals("4\n", SinkRunner.gunzip(folder.resolve("out.txt.gz")));
    }

    @Test
    void finishesAFileBeforeItWouldBeTooLarge() throws Exception {
        try (FileSink sink = sink("path", folder.resolve("out.txt"), "format", "data", "rotate.size", 10)) {
            sink.put(SinkRunner.records("1234", "5678", "9", "longer than ten", "a"));
        }
        assertEquals("1234\n5678\n", read("out-20261122T101500-0001.txt"));
        assertEquals("9\n", read("out-20261122T101500-0002.txt"));
        assertEquals("longer than ten\n", read("out-20261122T101500-0003.txt"));
        assertEquals("a\n", read("out.txt"));
    }

    @Test
    void finishesCompressedFilesBySize() throws Exception {
        try (FileSink sink = sink("path", folder.resolve("out.gz"), "format", "data", "rotate.size", 1000, "compression",
                "gzip")) {
            for (int i = 0; i < 5; i++) {
                sink.put(SinkRunner.numbered(i * 1000, i * 1000 + 1000));
            }
        }
        List<String> lines = new ArrayList<>();
        for (String name : SinkRunner.names(folder)) {
            lines.addAll(SinkRunner.gunzip(folder.resolve(name)).lines().toList());
        }
        assertEquals(SinkRunner.numberedText(0, 5000), lines);
        assertTrue(SinkRunner.names(folder).size() >= 4, SinkRunner.names(folder).toString());
    }

    @Test
    void finishesAFileWhenAPeriodIsOver() throws Exception {
        try (FileSink sink = sink("path", folder.resolve("out.txt"), "format", "data", "rotate.every", "1h")) {
            sink.put(SinkRunner.records("1"));
            clock.now = Instant.parse("2026-11-22T10:59:59Z");
            sink.put(SinkRunner.records("2"));
            clock.now = Instant.parse("2026-11-22T11:00:00Z");
            sink.put(SinkRunner.records("3"));
        }
        assertEquals("1\n2\n", read("out-20261122T110000-0001.txt"));
        assertEquals("3\n", read("out.txt"));
    }

    @Test
    void finishesAFileWhenAPeriodIsOverAlsoWithoutRecords() throws Exception {
        try (FileSink sink = sink("path", folder.resolve("out.txt"), "format", "data", "rotate.every", "1h")) {
            sink.put(SinkRunner.records("1"));
            clock.now = clock.now.plus(Duration.ofHours(1));
            sink.idle();
            assertEquals(List.of("out-20261122T111500-0001.txt"), SinkRunner.names(folder));
            sink.idle();
            assertEquals(1, SinkRunner.names(folder).size());
        }
    }

    @Test
    void finishesTheFileOfAnEarlierRunWhosePeriodIsOver() throws Exception {
        Path file = Files.writeString(folder.resolve("out.txt"), "old\n");
        Files.setLastModifiedTime(file, FileTime.from(clock.now.minus(Duration.ofHours(1))));
        try (FileSink sink = sink("path", file, "format", "data", "rotate.every", "1h")) {
            sink.put(SinkRunner.records("new"));
        }
        assertEquals("old\n", read("out-20261122T101500-0001.txt"));
        assertEquals("new\n", read("out.txt"));
    }

    @Test
    void countsDaysInTheTimezone() throws Exception {
        clock.now = Instant.parse("2026-11-22T22:59:00Z");
        try (FileSink sink = sink("path", folder.resolve("out.txt"), "format", "data", "rotate.every", "1d", "timezone",
                "Europe/Berlin")) {
            sink.put(SinkRunner.records("1"));
            clock.now = Instant.parse("2026-11-22T23:01:00Z");
            sink.put(SinkRunner.records("2"));
        }
        assertEquals("1\n", read("out-20261123T000100-0001.txt"));
    }

    @Test
    void neverOverwritesAFile() throws Exception {
        Files.writeString(folder.resolve("out-20261122T101500-0001.txt"), "precious");
        for (int run = 0; run < 2; run++) {
            try (FileSink sink = sink("path", folder.resolve("out.txt"), "format", "data", "rotate.records", 1)) {
                sink.put(SinkRunner.records("run" + run));
            }
        }
        assertEquals("precious", read("out-20261122T101500-0001.txt"));
        assertEquals("run0\n", read("out-20261122T101500-0002.txt"));
        assertEquals("run1\n", read("out-20261122T101500-0003.txt"));
    }

    @Test
    void keepsOnlySoManyFinishedFiles() throws Exception {
        Files.writeString(folder.resolve("out-notes.txt"), "not ours");
        try (FileSink sink = sink("path", folder.resolve("out.txt"), "format", "data", "rotate.records", 1, "rotate.keep", 2)) {
            for (int i = 0; i < 5; i++) {
                sink.put(SinkRunner.records("r" + i));
            }
        }
        assertEquals(List.of("out-20261122T101500-0004.txt", "out-20261122T101500-0005.txt", "out-notes.txt"),
                SinkRunner.names(folder));
    }

    @Test
    void deletesFinishedFilesThatAreTooOld() throws Exception {
        Path old = Files.writeString(folder.resolve("out-20261101T000000-0001.txt"), "old");
        Files.setLastModifiedTime(old, FileTime.from(clock.now.minus(Duration.ofDays(21))));
        try (FileSink sink = sink("path", folder.resolve("out.txt"), "format", "data", "rotate.records", 1, "rotate.keep-for",
                "7d")) {
            sink.put(SinkRunner.records("new"));
        }
        assertEquals(List.of("out-20261122T101500-0001.txt"), SinkRunner.names(folder));
    }

    @Test
    void rotatesEachFileOfAPatternOnItsOwn() throws Exception {
        try (FileSink sink = sink("path", folder + "/{type}.txt", "format", "data", "rotate.records", 2)) {
            sink.put(List.of(typed("a", "1"), typed("b", "1"), typed("a", "2"), typed("a", "3")));
        }
        assertEquals(List.of("a-20261122T101500-0001.txt", "a.txt", "b.txt"), SinkRunner.names(folder));
    }

    private static dev.emc.api.ConnectorRecord typed(String type, String text) {
        return dev.emc.api.ConnectorRecord.builder().text(text).attribute("type", type).build();
    }

    @Test
    void takesBackWhatAFailedBatchHasRotated() throws Exception {
        SmallDisk disk = new SmallDisk(25);
        FileSink sink = new FileSink(
                Configs.of(FileSinkConfig.class, "path", folder.resolve("out.txt"), "format", "data", "rotate.records", 3));
        sink.clock = clock;
        sink.opener = disk;
        try (sink) {
            SinkRunner.start(sink);
            sink.put(SinkRunner.records("a", "b"));
            try {
                sink.put(SinkRunner.records("c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"));
                throw new AssertionError("the disk was not full");
            } catch (RetryableException e) {
                disk.free = 1000;
            }
            sink.put(SinkRunner.records("c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"));
        }
        List<String> lines = new ArrayList<>();
        for (String name : SinkRunner.names(folder)) {
            lines.addAll(Files.readAllLines(folder.resolve(name)));
        }
        assertEquals(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"), lines);
    }
}
