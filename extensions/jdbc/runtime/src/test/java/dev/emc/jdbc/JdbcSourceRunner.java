package dev.emc.jdbc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.emc.api.SourceRecord;
import dev.emc.testkit.MemoryPositions;

/** Runs sources of a server as the worker does; its registry outlives them. */
final class JdbcSourceRunner extends MemoryPositions {

    private static final Duration WAIT = Duration.ofMillis(20);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

    private final DatabaseServer server;

    JdbcSourceRunner(DatabaseServer server) {
        this.server = server;
    }

    /** A source that looks often. */
    JdbcSource source(Object... keysAndValues) {
        List<Object> all = new ArrayList<>(List.of("interval", "10ms"));
        all.addAll(List.of(keysAndValues));
        return new JdbcSource(Configs.of(JdbcSourceConfig.class, Configs.with(server, all.toArray())));
    }

    JdbcSource start(Object... keysAndValues) throws Exception {
        JdbcSource source = source(keysAndValues);
        source.start(this);
        return source;
    }

    /** Reads until there are so many, and commits them; fails when more come with them. */
    List<SourceRecord> take(JdbcSource source, int count) throws Exception {
        List<SourceRecord> records = new ArrayList<>();
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (records.size() < count) {
            if (System.nanoTime() > end) {
                throw new AssertionError("only " + records);
            }
            records.addAll(source.poll(1000, WAIT));
        }
        save(records);
        if (records.size() > count) {
            throw new AssertionError("too many: " + records);
        }
        return records;
    }

    /** What comes in this time, and is not committed. */
    List<SourceRecord> during(JdbcSource source, Duration time) throws Exception {
        List<SourceRecord> records = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            records.addAll(source.poll(1000, WAIT));
        }
        return records;
    }

    static JsonNode row(SourceRecord record) throws IOException {
        return MAPPER.readTree(new String(record.data(), StandardCharsets.UTF_8));
    }

    /** The values of a column. */
    static List<String> column(List<SourceRecord> records, String name) throws IOException {
        List<String> values = new ArrayList<>();
        for (SourceRecord record : records) {
            JsonNode row = row(record);
            // H2 folds names to capital letters
            values.add((row.has(name) ? row.get(name) : row.get(name.toUpperCase(Locale.ROOT))).asText());
        }
        return values;
    }

    static List<String> ids(List<SourceRecord> records) {
        return records.stream().map(SourceRecord::id).toList();
    }
}
