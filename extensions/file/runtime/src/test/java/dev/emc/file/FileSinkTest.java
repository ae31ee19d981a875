package dev.emc.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.testkit.Configs;
import dev.emc.wire.StructuredJson;

class FileSinkTest {

    @TempDir
    Path folder;

    @Test
    void writesEachEventAsOneLineOfCloudEventsJson() throws Exception {
        ConnectorRecord record = ConnectorRecord.builder().data("{\"a\":1}".getBytes(StandardCharsets.UTF_8))
                .contentType("application/json").attribute("id", "7").attribute("source", "/s").attribute("type", "t")
                .attribute("subject", "line\nbreak").attribute("flag", true).timestamp(Instant.parse("2026-11-22T10:15:00Z"))
                .build();
        Path file = folder.resolve("out.ndjson");
        try (FileSink sink = SinkRunner.started("path", file)) {
            sink.put(List.of(record, SinkRunner.record("x")));
        }
        List<String> lines = Files.readAllLines(file);
        assertEquals(2, lines.size());
        ConnectorRecord read = StructuredJson.read(lines.get(0).getBytes(StandardCharsets.UTF_8));
        assertEquals(record.attributes(), read.attributes());
        assertEquals("{\"a\":1}", read.text());
        assertEquals(record.timestamp(), read.timestamp());
        assertEquals("application/json", read.contentType());
    }

    @Test
    void writesThePayloadAndANewlineInFormatData() throws Exception {
        Path file = folder.resolve("out.txt");
        try (FileSink sink = SinkRunner.started("path", file, "format", "data")) {
            sink.put(List.of(SinkRunner.record("first"), SinkRunner.record(""), SinkRunner.record("größer\nzwei"),
                    ConnectorRecord.builder().attribute("id", "1").build()));
        }
        assertEquals("first\n\ngrößer\nzwei\n\n", Files.readString(file));
    }

    @Test
    void endsPayloadsWithTheSeparator() throws Exception {
        Path file = folder.resolve("out.bin");
        try (FileSink sink = SinkRunner.started("path", file, "format", "data", "separator", "\\r\\n\\0")) {
            sink.put(SinkRunner.records("a", "b"));
        }
        assertEquals("a\r\n\0b\r\n\0", Files.readString(file));
    }

    @Test
    void appendsToAFileThatIsThere() throws Exception {
        Path file = Files.writeString(folder.resolve("out.txt"), "before\n");
        for (String text : List.of("one", "two")) {
            try (FileSink sink = SinkRunner.started("path", file, "format", "data")) {
                sink.put(SinkRunner.records(text));
            }
        }
        assertEquals("before\none\ntwo\n", Files.readString(file));
    }

    @Test
    void keepsTheLastLineOfAForeignFileThatDoesNotEndWithANewline() throws Exception {
        Path file = Files.writeString(folder.resolve("out.ndjson"), "{\"specversion\":\"1.0\",\"id\":\"to");
        try (FileSink sink = SinkRunner.started("path", file, "format", "data")) {
            sink.put(SinkRunner.records("new"));
        }
        assertEquals("{\"specversion\":\"1.0\",\"id\":\"to\nnew\n", Files.readString(file));
    }

    @Test
    void writesAMegabyteRecordAndManySmallOnesInOrder() throws Exception {
        Path file = folder.resolve("out.txt");
        String large = "x".repeat(3 << 20);
        try (FileSink sink = SinkRunner.started("path", file, "format", "data")) {
            sink.put(SinkRunner.numbered(0, 5000));
            sink.put(SinkRunner.records(large));
            sink.put(SinkRunner.numbered(5000, 5010));
        }
        List<String> lines = Files.readAllLines(file);
        assertEquals(SinkRunner.numberedText(0, 5000), lines.subList(0, 5000));
        assertEquals(large, lines.get(5000));
        assertEquals(SinkRunner.numberedText(5000, 5010), lines.subList(5001, lines.size()));
    }

    @Test
    void namesARecordThatCannotBeWrittenAndWritesTheOthers() throws Exception {
        Path file = folder.resolve("out.ndjson");
        ConnectorRecord bad = ConnectorRecord.builder().text("no id").attribute("source", "/s").attribute("type", "t").build();
        ConnectorRecord good = SinkRunner.record("good");
        List<Failure> failures;
        try (FileSink sink = SinkRunner.started("path", file)) {
            failures = sink.put(List.of(bad, good));
        }
        assertEquals(1, failures.size());
        assertEquals(bad, failures.get(0).record());
        assertTrue(failures.get(0).error() instanceof PermanentException);
        assertEquals("good", StructuredJson.read(Files.readAllBytes(file)).text());
    }

    @Test
    void makesAFileForEachTopicTypeAndDate() throws Exception {
        ConnectorRecord record = ConnectorRecord.builder().text("a").topic("orders").attribute("type", "created")
                .timestamp(Instant.parse("2026-11-22T23:30:00Z")).build();
        try (FileSink sink = SinkRunner.started("path", folder + "/{topic}/{yyyy-MM-dd}/{type}-{HH}.txt", "format", "data",
                "timezone", "Europe/Berlin")) {
            sink.put(List.of(record));
        }
        assertEquals("a\n", Files.readString(folder.resolve("orders/2026-11-23/created-00.txt")));
    }

    @Test
    void neverLeavesTheFolderWhateverAnEventSays() throws Exception {
        ConnectorRecord record = ConnectorRecord.builder().text("a").topic("../../etc/passwd").attribute("type", "..")
                .attribute("subject", "/root\0\n").build();
        Path inner = folder.resolve("inner");
        try (FileSink sink = SinkRunner.started("path", inner + "/{topic}/{type}/{subject}", "format", "data")) {
            assertEquals(List.of(), sink.put(List.of(record)));
        }
        assertEquals(List.of("inner"), SinkRunner.all(folder));
        assertEquals("a\n", Files.readString(inner.resolve("%2E.%2F..%2Fetc%2Fpasswd/%2E./%2Froot%00%0A")));
    }

    @Test
    void cutsLongValuesButKeepsThemApart() throws Exception {
        ConnectorRecord one = ConnectorRecord.builder().text("a").attribute("type", "x".repeat(500) + "1").build();
        ConnectorRecord two = ConnectorRecord.builder().text("b").attribute("type", "x".repeat(500) + "2").build();
        try (FileSink sink = SinkRunner.started("path", folder + "/{type}.txt", "format", "data")) {
            sink.put(List.of(one, two));
        }
        assertEquals(2, SinkRunner.names(folder).size());
    }

    @Test
    void failsARecordWhoseFileNameWouldBeTooLong() throws Exception {
        ConnectorRecord record = ConnectorRecord.builder().text("a").attribute("type", "x".repeat(500))
                .attribute("subject", "y".repeat(500)).attribute("id", "z".repeat(500)).build();
        try (FileSink sink = SinkRunner.started("path", folder + "/{type}{subject}{id}", "format", "data")) {
            assertEquals(1, sink.put(List.of(record)).size());
        }
    }

    @Test
    void keepsABoundedNumberOfFilesOpen() throws Exception {
        try (FileSink sink = SinkRunner.started("path", folder + "/{id}.txt", "format", "data", "max-open-files", 5)) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 20; i++) {
                    sink.put(List.of(ConnectorRecord.builder().text("r" + round).attribute("id", "f" + i).build()));
                }
            }
            try (var open = Files.list(Path.of("/proc/self/fd"))) {
                assertTrue(open.filter(fd -> target(fd).startsWith(folder.toString()) && target(fd).endsWith(".txt"))
                        .count() <= 5);
            }
        }
        for (int i = 0; i < 20; i++) {
            assertEquals("r0\nr1\nr2\n", Files.readString(folder.resolve("f" + i + ".txt")));
        }
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (java.io.IOException e) {
            return "";
        }
    }

    @Test
    void compressesEachBatchIntoACompleteMember() throws Exception {
        Path file = folder.resolve("out.gz");
        try (FileSink sink = SinkRunner.started("path", file, "format", "data", "compression", "gzip")) {
            sink.put(SinkRunner.records("one", "two"));
            assertEquals("one\ntwo\n", SinkRunner.gunzip(file));
            sink.put(SinkRunner.numbered(0, 100_000));
            assertEquals(100_002, SinkRunner.gunzip(file).lines().count());
        }
        try (FileSink sink = SinkRunner.started("path", file, "format", "data", "compression", "gzip")) {
            sink.put(SinkRunner.records("last"));
        }
        assertTrue(SinkRunner.gunzip(file).endsWith("record-99999\nlast\n"));
    }

    @Test
    void opensTheFileAnewWhenItWasMovedAway() throws Exception {
        Path file = folder.resolve("out.txt");
        try (FileSink sink = SinkRunner.started("path", file, "format", "data")) {
            sink.put(SinkRunner.records("one"));
            Files.move(file, folder.resolve("moved.txt"));
            sink.put(SinkRunner.records("two"));
        }
        assertEquals("one\n", Files.readString(folder.resolve("moved.txt")));
        assertEquals("two\n", Files.readString(file));
    }

    @Test
    void goesOnAfterSomebodyEmptiedTheFile() throws Exception {
        Path file = folder.resolve("out.txt");
        try (FileSink sink = SinkRunner.started("path", file, "format", "data")) {
            sink.put(SinkRunner.records("one"));
            Files.writeString(file, "");
            sink.put(SinkRunner.records("two"));
        }
        assertEquals("two\n", Files.readString(file));
    }

    @Test
    void setsAFileAsideThatIsNoGzip() throws Exception {
        Path file = Files.writeString(folder.resolve("out.gz"), "plain text\n");
        try (FileSink sink = SinkRunner.started("path", file, "format", "data", "compression", "gzip")) {
            sink.put(SinkRunner.records("one"));
        }
        assertEquals("one\n", SinkRunner.gunzip(file));
        assertEquals(2, SinkRunner.names(folder).size());
    }

    @Test
    void refusesAFileThatAnotherSinkWrites() throws Exception {
        Path file = folder.resolve("out.txt");
        try (FileSink sink = SinkRunner.started("path", file, "format", "data")) {
            RetryableException refused = assertThrows(RetryableException.class,
                    () -> SinkRunner.started("path", file, "format", "data"));
            assertTrue(refused.getMessage().contains("is running"), refused.getMessage());
            sink.put(SinkRunner.records("still mine"));
        }
        SinkRunner.started("path", file, "format", "data").close();
        assertEquals("still mine\n", Files.readString(file));
    }

    @Test
    void canBeStartedAgainAfterAFailedStart() throws Exception {
        Path file = folder.resolve("out.txt");
        FileSink first = SinkRunner.started("path", file, "format", "data");
        FileSink second = new FileSink(Configs.of(FileSinkConfig.class, "path", file, "format", "data"));
        assertThrows(RetryableException.class, () -> SinkRunner.start(second));
        first.close();
        SinkRunner.start(second);
        second.put(SinkRunner.records("two"));
        second.close();
        assertEquals("two\n", Files.readString(file));
    }

    @Test
    void leavesNothingButTheFileBehind() throws Exception {
        Path file = folder.resolve("out.txt");
        try (FileSink sink = SinkRunner.started("path", file)) {
            assertEquals(2, SinkRunner.all(folder).size());
            sink.put(SinkRunner.records("one"));
        }
        assertEquals(List.of("out.txt"), SinkRunner.all(folder));
    }

    @Test
    void forcesAfterTheIntervalWithoutNewRecords() throws Exception {
        SmallDisk disk = new SmallDisk(Long.MAX_VALUE);
        FileSink sink = new FileSink(
                Configs.of(FileSinkConfig.class, "path", folder.resolve("out.txt"), "fsync", "interval", "fsync-interval",
                        "10ms"));
        sink.opener = disk;
        try (sink) {
            SinkRunner.start(sink);
            sink.put(SinkRunner.records("one"));
            long deadline = System.nanoTime() + 20_000_000_000L;
            while (disk.forced == 0 && System.nanoTime() < deadline) {
                sink.idle();
            }
            assertEquals(1, disk.forced);
            Thread.sleep(15);
            sink.idle();
            assertEquals(1, disk.forced, "nothing new to force");
        }
    }

    @Test
    void forcesAfterTheClockWasSetBack() throws Exception {
        SmallDisk disk = new SmallDisk(Long.MAX_VALUE);
        FileSink sink = new FileSink(
                Configs.of(FileSinkConfig.class, "path", folder.resolve("out.txt"), "fsync", "interval", "fsync-interval",
                        "1h"));
        sink.opener = disk;
        try (sink) {
            SinkRunner.start(sink);
            sink.put(SinkRunner.records("one"));
            sink.idle();
            assertEquals(0, disk.forced);
            sink.clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(-1));
            sink.idle();
            assertEquals(1, disk.forced);
        }
    }

    @Test
    void forcesEachBatchBeforePutReturns() throws Exception {
        SmallDisk disk = new SmallDisk(Long.MAX_VALUE);
        FileSink sink = new FileSink(Configs.of(FileSinkConfig.class, "path", folder.resolve("out.txt")));
        sink.opener = disk;
        try (sink) {
            SinkRunner.start(sink);
            sink.put(SinkRunner.numbered(0, 100));
            assertEquals(1, disk.forced);
            sink.put(SinkRunner.numbered(0, 100));
            assertEquals(2, disk.forced);
        }
    }

    @Test
    void neverForcesWhenToldNotTo() throws Exception {
        SmallDisk disk = new SmallDisk(Long.MAX_VALUE);
        FileSink sink = new FileSink(Configs.of(FileSinkConfig.class, "path", folder.resolve("out.txt"), "fsync", "none"));
        sink.opener = disk;
        try (sink) {
            SinkRunner.start(sink);
            sink.put(SinkRunner.numbered(0, 100));
            sink.idle();
        }
        assertEquals(0, disk.forced);
    }

    @Test
    void saysWhichPathAndUserCannotWrite() throws Exception {
        Path notAFolder = Files.writeString(folder.resolve("file"), "");
        FatalException fatal = assertThrows(FatalException.class, () -> SinkRunner.started("path", notAFolder + "/out.txt"));
        assertTrue(fatal.getMessage().contains(notAFolder.toString()), fatal.getMessage());
        assertTrue(fatal.getMessage().contains(System.getProperty("user.name")), fatal.getMessage());
    }

    @Test
    void refusesAPathWithAnUnknownWord() {
        for (String path : List.of("out/{Topic}", "out/{time}", "out/{a b}", "out/{", "out/{}")) {
            assertThrows(FatalException.class, () -> SinkRunner.started("path", folder.resolve(path)), path);
        }
    }

    @Test
    void refusesAnUnknownTimezone() {
        FatalException fatal = assertThrows(FatalException.class,
                () -> SinkRunner.started("path", folder + "/{HH}", "timezone", "Mars/Olympus"));
        assertTrue(fatal.getMessage().contains("Mars/Olympus"));
    }

    @Test
    void takesAttributesWhoseNamesLookLikeDates() throws Exception {
        ConnectorRecord record = ConnectorRecord.builder().text("a").attribute("my", "mine").build();
        try (FileSink sink = SinkRunner.started("path", folder + "/{my}-{tenant}", "format", "data")) {
            sink.put(List.of(record));
        }
        assertEquals(List.of("mine-unknown"), SinkRunner.names(folder));
    }

    @Test
    void readsUpstreamsFlushSizeAsRecordsOfAFile() throws Exception {
        assertEquals(List.of("flushSize"), List.of(FileSinkConfig.Rotate.class.getMethod("records")
                .getAnnotation(dev.emc.api.UpstreamKey.class).value()));
        Map<String, String> defaults = Map.of("path", "{topic}/{yyyy}/{M}/{d}/{topic}-{HH}", "format", "data");
        for (Map.Entry<String, String> entry : defaults.entrySet()) {
            assertEquals(entry.getValue(), FileSinkConfig.class.getMethod(entry.getKey())
                    .getAnnotation(dev.emc.api.UpstreamDefault.class).value());
        }
        ConnectorRecord record = ConnectorRecord.builder().text("a").topic("TopicTest")
                .timestamp(Instant.parse("2026-01-02T03:04:05Z")).build();
        assertEquals("TopicTest/2026/1/2/TopicTest-03",
                new PathPattern(defaults.get("path"), java.time.ZoneOffset.UTC).expand(record, Instant.EPOCH));
    }

    @Test
    void writesToADeviceWithoutRepairingOrForcing() throws Exception {
        try (FileSink sink = SinkRunner.started("path", "/dev/null")) {
            assertEquals(List.of(), sink.put(SinkRunner.records("a")));
        }
        assertFalse(Files.exists(Path.of("/dev/.null.emc")));
    }
}
