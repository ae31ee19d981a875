package dev.emc.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;
import dev.emc.testkit.Configs;

class FileSinkFailureTest {

    @TempDir
    Path folder;

    private FileSink sink(SmallDisk disk, Object... keysAndValues) throws Exception {
        FileSink sink = new FileSink(Configs.of(FileSinkConfig.class, keysAndValues));
        sink.opener = disk;
        return SinkRunner.start(sink);
    }

    @Test
    void keepsNothingOfABatchThatTheDiskHadNoRoomFor() throws Exception {
        Path file = folder.resolve("out.txt");
        SmallDisk disk = new SmallDisk(100);
        try (FileSink sink = sink(disk, "path", file, "format", "data")) {
            sink.put(SinkRunner.records("first"));
            for (int attempt = 0; attempt < 3; attempt++) {
                RetryableException full = assertThrows(RetryableException.class, () -> sink.put(SinkRunner.numbered(0, 20)));
                assertTrue(full.getMessage().contains(file.toString()) && full.getMessage().contains("no space left on device"),
                        full.getMessage());
                assertEquals("first\n", Files.readString(file));
            }
            disk.free = 1000;
            sink.put(SinkRunner.numbered(0, 20));
        }
        assertEquals("first\n" + String.join("\n", SinkRunner.numberedText(0, 20)) + "\n", Files.readString(file));
    }

    @Test
    void keepsNothingOfACompressedBatchThatTheDiskHadNoRoomFor() throws Exception {
        Path file = folder.resolve("out.gz");
        SmallDisk disk = new SmallDisk(200);
        try (FileSink sink = sink(disk, "path", file, "format", "data", "compression", "gzip")) {
            sink.put(SinkRunner.records("first"));
            assertThrows(RetryableException.class, () -> sink.put(SinkRunner.numbered(0, 10_000)));
            assertEquals("first\n", SinkRunner.gunzip(file));
            disk.free = 1_000_000;
            sink.put(SinkRunner.numbered(0, 10_000));
        }
        assertEquals(10_001, SinkRunner.gunzip(file).lines().count());
    }

    @Test
    void takesBackAllFilesOfAFailedBatch() throws Exception {
        SmallDisk disk = new SmallDisk(10);
        try (FileSink sink = sink(disk, "path", folder + "/{type}.txt", "format", "data")) {
            List<ConnectorRecord> batch = List.of(typed("a", "12345"), typed("b", "12345"));
            assertThrows(RetryableException.class, () -> sink.put(batch));
            assertEquals("", Files.readString(folder.resolve("a.txt")));
            disk.free = 100;
            sink.put(batch);
        }
        assertEquals("12345\n", Files.readString(folder.resolve("a.txt")));
        assertEquals("12345\n", Files.readString(folder.resolve("b.txt")));
    }

    private static ConnectorRecord typed(String type, String text) {
        return ConnectorRecord.builder().text(text).attribute("type", type).build();
    }

    @Test
    void writesABatchAgainWhoseForcingFailed() throws Exception {
        Path file = folder.resolve("out.txt");
        SmallDisk disk = new SmallDisk(1000);
        try (FileSink sink = sink(disk, "path", file, "format", "data")) {
            disk.failForce = true;
            assertThrows(RetryableException.class, () -> sink.put(SinkRunner.records("one")));
            assertEquals("", Files.readString(file));
            disk.failForce = false;
            sink.put(SinkRunner.records("one"));
        }
        assertEquals("one\n", Files.readString(file));
    }

    @Test
    void treatsAFullDeviceAsRetryable() throws Exception {
        try (FileSink sink = SinkRunner.started("path", "/dev/full", "format", "data")) {
            RetryableException full = assertThrows(RetryableException.class, () -> sink.put(SinkRunner.records("one")));
            assertTrue(full.getMessage().contains("no space left"), full.getMessage());
        }
    }

    /** A process whose files may not grow beyond a limit, like a full disk, and then may. */
    @Test
    void losesNothingWhenTheSystemRefusesToWrite() throws Exception {
        Path file = folder.resolve("out.txt");
        Process limited = java("ulimit -f 100", LimitedSink.class, file.toString());
        assertEquals("refused, kept", output(limited));
        assertEquals(0, limited.waitFor());
        List<String> lines = Files.readAllLines(file);
        assertEquals(lines.size() / 1000 * 1000, lines.size());
        assertTrue(lines.size() >= 1000);
        assertEquals(SinkRunner.numberedText(0, lines.size()), lines);
    }

    /** Writes batches until it is refused; then looks whether the file ends with the batch before. */
    public static final class LimitedSink {

        public static void main(String[] args) throws Exception {
            FileSink sink = SinkRunner.started("path", args[0], "format", "data");
            long length = 0;
            for (int i = 0;; i += 1000) {
                try {
                    sink.put(SinkRunner.numbered(i, i + 1000));
                    length = Files.size(Path.of(args[0]));
                } catch (RetryableException e) {
                    System.out.print(Files.size(Path.of(args[0])) == length ? "refused, kept" : "refused, spoilt");
                    break;
                }
            }
            sink.close();
        }
    }

    @Test
    void saysThatNobodyReadsItsStandardOutput() throws Exception {
        Process writer = java("", StandardOutputSink.class);
        byte[] first = writer.getInputStream().readNBytes(9);
        assertEquals("record-0\n", new String(first, StandardCharsets.UTF_8));
        writer.getInputStream().close();
        assertTrue(new String(writer.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
                .contains("nobody reads the standard output"));
        writer.waitFor();
    }

    /** Writes to standard output until that fails. */
    public static final class StandardOutputSink {

        public static void main(String[] args) throws Exception {
            FileSink sink = SinkRunner.started("path", "-", "format", "data");
            try {
                while (true) {
                    sink.put(SinkRunner.numbered(0, 1000));
                }
            } catch (FatalException e) {
                System.err.println(e.getMessage());
            }
        }
    }

    static Process java(String before, Class<?> main, String... args) throws IOException {
        String command = (before.isEmpty() ? "" : before + "; ") + "exec '"
                + ProcessHandle.current().info().command().orElseThrow()
                + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '" + System.getProperty("java.class.path") + "' '"
                + main.getName()
                + "' " + String.join(" ", args);
        Process process = new ProcessBuilder("bash", "-c", command).start();
        process.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(e -> process.destroyForcibly());
        return process;
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
