package dev.emc.file;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.emc.api.SourceRecord;
import dev.emc.testkit.Configs;
import dev.emc.testkit.MemoryPositions;

/** Runs sources as the worker does; its registry outlives them. */
final class SourceRunner extends MemoryPositions {

    private static final Duration WAIT = Duration.ofMillis(100);

    FileSource start(Object... keysAndValues) throws Exception {
        FileSource source = new FileSource(Configs.of(FileSourceConfig.class, keysAndValues));
        source.start(this);
        return source;
    }

    /** Starts a source that follows quickly. */
    FileSource follow(Object... keysAndValues) throws Exception {
        Object[] all = new Object[keysAndValues.length + 4];
        System.arraycopy(keysAndValues, 0, all, 0, keysAndValues.length);
        all[keysAndValues.length] = "scan-interval";
        all[keysAndValues.length + 1] = "10ms";
        all[keysAndValues.length + 2] = "settle";
        all[keysAndValues.length + 3] = "300ms";
        return start(all);
    }

    /** Reads to the end, commits all, closes. */
    List<SourceRecord> readAll(Object... keysAndValues) throws Exception {
        Object[] all = new Object[keysAndValues.length + 2];
        System.arraycopy(keysAndValues, 0, all, 0, keysAndValues.length);
        all[keysAndValues.length] = "follow";
        all[keysAndValues.length + 1] = "false";
        List<SourceRecord> records = new ArrayList<>();
        try (FileSource source = start(all)) {
            long deadline = System.nanoTime() + 60_000_000_000L;
            while (!source.exhausted() && System.nanoTime() < deadline) {
                List<SourceRecord> some = source.poll(1000, WAIT);
                save(some);
                records.addAll(some);
            }
            if (!source.exhausted()) {
                throw new AssertionError("not exhausted after " + records.size() + " records");
            }
            save(source.poll(1, WAIT));
        }
        return records;
    }

    /** Polls until there are so many records, and commits them. */
    List<SourceRecord> take(FileSource source, int count) throws Exception {
        List<SourceRecord> records = takeOnly(source, count);
        save(records);
        return records;
    }

    List<SourceRecord> takeOnly(FileSource source, int count) throws Exception {
        List<SourceRecord> records = new ArrayList<>();
        long deadline = System.nanoTime() + 25_000_000_000L;
        while (records.size() < count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("got only " + texts(records));
            }
            records.addAll(source.poll(count - records.size(), WAIT));
        }
        return records;
    }

    /** What comes in this time, although nothing should. */
    List<String> surplus(FileSource source, int millis) throws Exception {
        List<SourceRecord> records = new ArrayList<>();
        long end = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() < end) {
            records.addAll(source.poll(1000, Duration.ofMillis(20)));
        }
        return texts(records);
    }

    static List<String> texts(List<SourceRecord> records) {
        return records.stream().map(record -> new String(record.data(), StandardCharsets.UTF_8)).toList();
    }
}
