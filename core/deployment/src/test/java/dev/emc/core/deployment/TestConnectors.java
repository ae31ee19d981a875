package dev.emc.core.deployment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.Guarantees;
import dev.emc.api.Position;
import dev.emc.api.Secret;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;
import dev.emc.api.UpstreamIgnored;
import dev.emc.api.UpstreamKey;

/** Two small connectors of a system "list" for tests of the build steps. */
public final class TestConnectors {

    private TestConnectors() {}

    static ConnectorBuildItem sink(String system) {
        return new ConnectorBuildItem(system, ConnectorBuildItem.Role.SINK, ListSink.class, ListSinkConfig.class,
                "Keeps records in a list.");
    }

    static ConnectorBuildItem source(String system) {
        return new ConnectorBuildItem(system, ConnectorBuildItem.Role.SOURCE, CountingSource.class,
                CountingSourceConfig.class, "Counts.");
    }

    /** A sink with one key of each type. */
    @ConfigMapping(prefix = "emc.connector")
    @ConfigGroup
    @UpstreamIgnored(key = "flushSize", because = "records are never held back")
    public interface ListSinkConfig {

        /** The list's name. */
        @UpstreamKey("connectorConfig.listName")
        String listName();

        /** The password. */
        @Secret
        Optional<String> password();

        /** How long. */
        @WithDefault("5s")
        Duration keepFor();

        /** How large. */
        @WithDefault("4M")
        MemorySize limit();

        /** Where to. */
        Optional<Path> copyTo();

        /** Colours to take. */
        Optional<List<Colour>> colours();

        /** Tags by name. */
        Map<String, String> tags();

        /** Nested keys. */
        Nested nested();

        /** A group below. */
        @ConfigGroup
        interface Nested {

            /** How many. */
            @WithDefault("3")
            int count();
        }

        /** Colours. */
        enum Colour {
            RED, DARK_BLUE
        }
    }

    /** Keeps what it gets. */
    @Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, deliveryExcept = "at most once with `connector.limit: 0`", ordering = "as received", idempotency = "there twice", testedWith = "a list", limits = "Forgets everything at its end.")
    public static class ListSink implements Sink {

        private final ListSinkConfig config;
        private final List<ConnectorRecord> records = new ArrayList<>();

        public ListSink(ListSinkConfig config) {
            this.config = config;
        }

        public ListSinkConfig config() {
            return config;
        }

        @Override
        public void start(SinkContext context) {}

        @Override
        public synchronized List<Failure> put(List<ConnectorRecord> batch) {
            records.addAll(batch);
            return List.of();
        }

        @Override
        public void close() {}
    }

    /** The source's only key. */
    @ConfigMapping(prefix = "emc.connector")
    @ConfigGroup
    public interface CountingSourceConfig {

        /** Where to stop. */
        @WithDefault("10")
        int until();
    }

    /** Gives the numbers from 1 on. */
    @Guarantees(delivery = Guarantees.Delivery.AT_MOST_ONCE, ordering = "ascending", idempotency = "the number is the `id`", testedWith = "numbers")
    public static class CountingSource implements Source {

        private final CountingSourceConfig config;
        private int next = 1;

        public CountingSource(CountingSourceConfig config) {
            this.config = config;
        }

        @Override
        public void start(SourceContext context) {}

        @Override
        public List<SourceRecord> poll(int max, Duration wait) {
            List<SourceRecord> records = new ArrayList<>();
            for (; records.size() < max && next <= config.until(); next++) {
                records.add(SourceRecord.at(new Position(Map.of("count", "all"), Map.of("number", next)))
                        .text(Integer.toString(next)).build());
            }
            return records;
        }

        @Override
        public boolean exhausted() {
            return next > config.until();
        }

        @Override
        public void close() {}
    }
}
