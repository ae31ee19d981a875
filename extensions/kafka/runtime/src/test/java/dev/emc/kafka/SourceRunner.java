package dev.emc.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.emc.api.Position;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;

/** Runs sources without a worker; its registry outlives them. */
final class SourceRunner implements SourceContext {

    final Map<Map<String, Object>, Position> registry = new HashMap<>();

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
        for (SourceRecord record : records) {
            Position position = (Position) record.progress();
            registry.put(position.partition(), position);
        }
        source.commit(records);
    }

    static List<String> texts(List<SourceRecord> records) {
        return records.stream().map(SourceRecord::text).toList();
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public Optional<Position> position(Map<String, Object> partition) {
        return Optional.ofNullable(registry.get(new Position(partition, Map.of()).partition()));
    }

    @Override
    public Collection<Position> positions() {
        return registry.values();
    }

    @Override
    public void begin(Collection<Position> from) {
        from.forEach(position -> registry.put(position.partition(), position));
    }

    @Override
    public void release(Collection<Map<String, Object>> partitions, Duration wait) {
        abandon(partitions);
    }

    @Override
    public void abandon(Collection<Map<String, Object>> partitions) {
        // nothing is in flight
    }

    @Override
    public void forget(Map<String, Object> partition) {
        registry.remove(partition);
    }
}
