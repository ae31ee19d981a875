package dev.emc.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkCrashTest {

    @TempDir
    Path folder;

    Path before;
    Path after;
    FileSink running;

    @BeforeEach
    void folders() throws Exception {
        before = Files.createDirectories(folder.resolve("before"));
        after = folder.resolve("after");
    }

    @AfterEach
    void close() throws Exception {
        if (running != null) {
            running.close();
        }
    }

    /** Starts a sink, lets it write, and takes its folder as a crash would leave it, with a torn end. */
    private void crash(String name, String torn, Object... keysAndValues) throws Exception {
        running = SinkRunner.started(keys(before, name, keysAndValues));
        running.put(SinkRunner.records("one", "two"));
        SinkRunner.crashed(before, after);
        Files.writeString(after.resolve(name), torn, StandardOpenOption.APPEND);
    }

    private static Object[] keys(Path folder, String name, Object... keysAndValues) {
        Object[] all = new Object[keysAndValues.length + 4];
        System.arraycopy(keysAndValues, 0, all, 4, keysAndValues.length);
        all[0] = "path";
        all[1] = folder.resolve(name);
        all[2] = "format";
        all[3] = "data";
        return all;
    }

    @Test
    void removesATornLineAtTheStart() throws Exception {
        crash("out.txt", "thr");
        SinkRunner.started(keys(after, "out.txt")).close();
        assertEquals("one\ntwo\n", Files.readString(after.resolve("out.txt")));
    }

    @Test
    void removesATornLineThatIsLongerThanABuffer() throws Exception {
        crash("out.txt", "x".repeat(300_000));
        SinkRunner.started(keys(after, "out.txt")).close();
        assertEquals("one\ntwo\n", Files.readString(after.resolve("out.txt")));
    }

    @Test
    void keepsWholeLinesThatWereNotYetAcknowledged() throws Exception {
        crash("out.txt", "three\nfo");
        SinkRunner.started(keys(after, "out.txt")).close();
        assertEquals("one\ntwo\nthree\n", Files.readString(after.resolve("out.txt")));
    }

    @Test
    void removesNothingFromAFileThatSomebodyElseWroteAfterACleanEnd() throws Exception {
        crash("out.txt", "");
        SinkRunner.started(keys(after, "out.txt")).close();
        Files.writeString(after.resolve("out.txt"), "by hand", StandardOpenOption.APPEND);
        SinkRunner.started(keys(after, "out.txt")).close();
        assertEquals("one\ntwo\nby hand\n", Files.readString(after.resolve("out.txt")));
    }

    @Test
    void removesATornMember() throws Exception {
        crash("out.gz", "\u001f\u008b half a member", "compression", "gzip");
        SinkRunner.started(keys(after, "out.gz", "compression", "gzip")).close();
        assertEquals("one\ntwo\n", SinkRunner.gunzip(after.resolve("out.gz")));
    }

    @Test
    void repairsEveryFileOfAPatternAtTheStart() throws Exception {
        running = SinkRunner.started("path", before + "/{type}/{id}.txt", "format", "data");
        running.put(SinkRunner.records("one", "two"));
        SinkRunner.crashed(before, after);
        List<String> names = SinkRunner.names(after.resolve("test.type"));
        for (String name : names) {
            Files.writeString(after.resolve("test.type").resolve(name), "torn", StandardOpenOption.APPEND);
        }
        SinkRunner.started("path", after + "/{type}/{id}.txt", "format", "data").close();
        assertEquals(2, names.size());
        for (String name : names) {
            assertTrue(Files.readString(after.resolve("test.type").resolve(name)).matches("(one|two)\n"));
        }
    }

    @Test
    void survivesADamagedListOfOpenFiles() throws Exception {
        crash("out.txt", "thr");
        Files.write(after.resolve(".out.txt.emc"), new byte[1500]);
        SinkRunner.started(keys(after, "out.txt")).close();
        assertEquals("one\ntwo\nthr\n", Files.readString(after.resolve("out.txt")));
    }

    /** Kills a process that writes, again and again, and compares what it said was safe with what is there. */
    @Test
    void losesNothingThatWasAcknowledgedWhenItIsKilled() throws Exception {
        Random random = new Random(7);
        Path file = folder.resolve("killed.txt");
        long safe = 0;
        for (int round = 0; round < 4; round++) {
            Process process = FileSinkFailureTest.java("", EndlessSink.class, file.toString(), Long.toString(safe));
            BufferedReader said = new BufferedReader(new InputStreamReader(process.getInputStream()));
            int batches = 1 + random.nextInt(60);
            for (int i = 0; i < batches; i++) {
                safe = Long.parseLong(said.readLine());
            }
            process.destroyForcibly().waitFor();
        }
        SinkRunner.started("path", file, "format", "data").close();
        long next = 0;
        for (String line : Files.readAllLines(file)) {
            assertTrue(line.matches("record-[0-9]+-x{900}"), "torn: " + line);
            long number = Long.parseLong(line.split("-")[1]);
            assertTrue(number <= next, "gap before " + number);
            next = Math.max(next, number + 1);
        }
        assertTrue(next >= safe, next + " of " + safe);
    }

    /** Writes batches of 500 for ever and says after each how many records are safe. */
    public static final class EndlessSink {

        public static void main(String[] args) throws Exception {
            FileSink sink = SinkRunner.started("path", args[0], "format", "data", "fsync", "none");
            String filling = "x".repeat(900);
            for (long i = Long.parseLong(args[1]);; i += 500) {
                long first = i;
                sink.put(java.util.stream.LongStream.range(first, first + 500)
                        .mapToObj(n -> SinkRunner.record("record-" + n + "-" + filling)).toList());
                System.out.print((i + 500) + "\n");
                System.out.flush();
            }
        }
    }
}
