package dev.emc.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.emc.api.SourceRecord;
import dev.emc.testkit.MemoryPositions;

/** Runs sources without a worker; its registry outlives them. */
final class SourceRunner extends MemoryPositions {

    KafkaSource start(Map<String, String> settings) throws Exception {
        KafkaSource source = new KafkaSource(Settings.config(KafkaSourceConfig.class, settings));
        try {
            source.start(this);
        } catch (Exception error) {
            source.close();
            throw error;
        }
        return source;
    }

    /** Polls until so many records have come, without committing them. */
    static List<SourceRecord> take(KafkaSource source, int count) throws Exception {
        List<SourceRecord> records = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (records.size() < count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("got only " + texts(records));
            }
            records.addAll(source.poll(count - records.size(), Duration.ofMillis(200)));
        }
        return records;
    }

    /** Polls for a while; what comes. */
    static List<SourceRecord> surplus(KafkaSource source) throws Exception {
        List<SourceRecord> records = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofMillis(700).toNanos();
        while (System.nanoTime() < end) {
            records.addAll(source.poll(1000, Duration.ofMillis(50)));
        }
        return records;
    }

    /** As a worker does. */
    void commit(KafkaSource source, List<SourceRecord> records) throws Exception {
        save(records);
        source.commit(records);
    }

    static List<String> texts(List<SourceRecord> records) {
        return records.stream().map(SourceRecord::text).toList();
    }

    @Override
    public void release(Collection<Map<String, Object>> partitions, Duration wait) {
        // nothing is in flight
    }

    @Override
    public void abandon(Collection<Map<String, Object>> partitions) {
        // nothing is in flight
    }
}
