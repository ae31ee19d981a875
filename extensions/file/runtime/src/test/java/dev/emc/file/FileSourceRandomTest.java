package dev.emc.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.SourceRecord;

/** A log that is written, rotated and emptied at random while it is followed. The seed is in each failure's name. */
class FileSourceRandomTest {

    @TempDir
    Path folder;

    final SourceRunner driver = new SourceRunner();
    Random random;
    Path log;
    int written;
    boolean midLine;

    /** Writes some lines; sometimes only a part of the last one, which the next call completes. */
    private void write() throws IOException {
        StringBuilder text = new StringBuilder();
        if (midLine) {
            text.append("rest\n");
            midLine = false;
        }
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append(line(written++)).append('\n');
        }
        if (random.nextInt(4) == 0) {
            text.append(line(written++).replace("rest", ""));
            midLine = true;
        }
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String line(int number) {
        return "line " + number + " " + "x".repeat(number * 31 % 200) + " rest";
    }

    private void completeLine() throws IOException {
        if (midLine) {
            Files.writeString(log, "rest\n", StandardOpenOption.APPEND);
            midLine = false;
        }
    }

    /** Renames app.log to app.log.1 and those before it accordingly, as logrotate does. */
    private void rotate() throws IOException {
        completeLine();
        if (!Files.exists(log)) {
            return;
        }
        int last = 1;
        while (Files.exists(folder.resolve("app.log." + last))) {
            last++;
        }
        for (int i = last; i > 1; i--) {
            Files.move(folder.resolve("app.log." + (i - 1)), folder.resolve("app.log." + i));
        }
        Files.move(log, folder.resolve("app.log.1"));
    }

    private FileSource start(String path) throws Exception {
        return driver.start("path", folder.resolve(path), "scan-interval", "5ms", "settle", "200ms");
    }

    private static List<Integer> numbers(List<SourceRecord> records) {
        List<Integer> numbers = new ArrayList<>();
        for (SourceRecord record : records) {
            int number = Integer.parseInt(record.text().split(" ")[1]);
            assertEquals(line(number), record.text());
            numbers.add(number);
        }
        return numbers;
    }

    private void begin(int seed) {
        random = new Random(seed);
        log = folder.resolve("app.log");
    }

    /** Writes and rotates at random while a source reads; what it has sent in the end. */
    private List<Integer> receivedWhileFilesAreRotated(String pattern) throws Exception {
        List<Integer> received = new ArrayList<>();
        write();
        try (FileSource source = start(pattern)) {
            for (int step = 0; step < 300; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> rotate();
                    case 1, 2, 3, 4 -> write();
                    default ->
                        received.addAll(numbers(source.poll(1 + random.nextInt(50), Duration.ofMillis(random.nextInt(3)))));
                }
            }
            write();
            completeLine();
            finish(source, received);
        }
        return received;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void sendsEachLineOnceAndInOrderWhileFilesAreRotated(int seed) throws Exception {
        begin(seed);
        List<Integer> received = receivedWhileFilesAreRotated("app.log");
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < written; i++) {
            expected.add(i);
        }
        assertEquals(expected, received);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void losesNoLineWhenItIsRestartedAtRandom(int seed) throws Exception {
        begin(seed);
        List<Integer> received = new ArrayList<>();
        Files.writeString(log = folder.resolve("app.log"), line(written++) + "\n");
        FileSource source = start("app.log");
        received.addAll(numbers(driver.take(source, 1)));
        try {
            for (int step = 0; step < 300; step++) {
                switch (random.nextInt(14)) {
                    case 0 -> rotate();
                    case 1, 2, 3, 4 -> write();
                    case 5 -> {
                        source.close();
                        for (int i = random.nextInt(4); i > 0; i--) {
                            write();
                            if (random.nextBoolean()) {
                                rotate();
                            }
                        }
                        source = start("app.log");
                    }
                    default -> {
                        List<SourceRecord> records = source.poll(1 + random.nextInt(50), Duration.ofMillis(random.nextInt(3)));
                        driver.save(records.subList(0, records.isEmpty() ? 0 : random.nextInt(records.size() + 1)));
                        received.addAll(numbers(records));
                    }
                }
            }
            write();
            completeLine();
            finish(source, received);
        } finally {
            source.close();
        }
        assertComplete(received);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void sendsEachLineOnceWhenThePatternMatchesTheRotatedFilesToo(int seed) throws Exception {
        begin(seed);
        List<Integer> received = receivedWhileFilesAreRotated("app.log*");
        assertComplete(received);
        assertEquals(received.size(), new HashSet<>(received).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void losesNothingThatWasReadableWhenTheFileIsEmptied(int seed) throws Exception {
        begin(seed);
        List<Integer> received = new ArrayList<>();
        write();
        try (FileSource source = start("app.log")) {
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> {
                        completeLine();
                        finish(source, received); // what is cut off unread can't be had
                        Files.writeString(log, "");
                    }
                    case 1, 2, 3, 4 -> write();
                    default ->
                        received.addAll(numbers(source.poll(1 + random.nextInt(50), Duration.ofMillis(random.nextInt(3)))));
                }
            }
            write();
            completeLine();
            finish(source, received);
        }
        assertComplete(received);
        assertEquals(received.size(), new HashSet<>(received).size());
    }

    /** Polls until all lines are there. */
    private void finish(FileSource source, List<Integer> received) throws Exception {
        long deadline = System.nanoTime() + 20_000_000_000L;
        TreeSet<Integer> missing = new TreeSet<>();
        for (int i = 0; i < written; i++) {
            missing.add(i);
        }
        received.forEach(missing::remove);
        while (!missing.isEmpty()) {
            List<Integer> numbers = numbers(source.poll(1000, Duration.ofMillis(20)));
            received.addAll(numbers);
            numbers.forEach(missing::remove);
            assertTrue(System.nanoTime() < deadline, "missing " + missing);
        }
    }

    private void assertComplete(List<Integer> received) {
        for (int i = 0; i < written; i++) {
            assertTrue(received.contains(i), "missing " + i);
        }
    }
}
