package dev.emc.kafka;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.ProducerRecord;

import io.smallrye.config.SmallRyeConfigBuilder;

import dev.emc.api.ConnectorRecord;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.wiring.ConnectorName;
import dev.emc.core.wiring.Registries;
import dev.emc.core.wiring.SinkWiring;
import dev.emc.core.wiring.SourceWiring;
import dev.emc.meshserver.MeshServerConfig;
import dev.emc.testkit.EmbeddedMesh;
import dev.emc.testkit.MeshReader;
import dev.emc.testkit.MeshWriter;
import dev.emc.testkit.RunningWorker;

/** Workers of Kafka's connectors around a mesh, in this JVM. Closes all that it has made. */
final class Workers implements AutoCloseable {

    static final String TOPIC = "mesh-topic";

    final EmbeddedMesh mesh = EmbeddedMesh.start(MeshServerConfig.builder().log(line -> {}));
    private final Path folder;
    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

    /** @param folder for registries and dead letters */
    Workers(Path folder) {
        this.folder = folder;
        toClose.push(mesh);
    }

    /** Is closed at the end, the newest first. */
    <T extends AutoCloseable> T open(T resource) {
        toClose.push(resource);
        return resource;
    }

    MeshReader reader() throws Exception {
        return open(new MeshReader(mesh.address(), TOPIC));
    }

    MeshWriter writer() throws Exception {
        return open(new MeshWriter(mesh.address(), TOPIC));
    }

    private <T> SmallRyeConfigBuilder config(Class<T> connector, Map<String, String> settings, String... more) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("emc.mesh.address", mesh.address());
        keys.put("emc.mesh.topic", TOPIC);
        keys.put("emc.retry.initial-delay", "20ms");
        keys.put("emc.retry.max-delay", "200ms");
        keys.put("emc.registry.path", folder.resolve("registry").toString());
        keys.put("emc.registry.interval", "50ms");
        keys.put("emc.dead-letters.path", folder.resolve("dead-letters").toString());
        settings.forEach((key, value) -> keys.put("emc.connector." + key, value));
        Settings.of(more).forEach((key, value) -> keys.put("emc." + key, value));
        return new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(WorkerConfig.class).withMapping(connector)
                .withValidateUnknown(false).withDefaultValues(keys);
    }

    /**
     * Starts a source and waits until it runs.
     *
     * @param settings of the connector
     * @param more of the worker, in turns
     */
    RunningWorker source(Map<String, String> settings, String... more) throws Exception {
        var config = config(KafkaSourceConfig.class, settings, more).build();
        WorkerConfig worker = config.getConfigMapping(WorkerConfig.class);
        return open(new RunningWorker(new SourceWiring().worker(worker,
                new KafkaSource(config.getConfigMapping(KafkaSourceConfig.class)), new Registries(worker, List.of()),
                new WorkerMetrics("kafka-source"), new ConnectorName("kafka-source")))).awaitRunning();
    }

    /** Starts a sink and waits until it runs. */
    RunningWorker sink(Map<String, String> settings, String... more) throws Exception {
        var config = config(KafkaSinkConfig.class, settings, more).build();
        return open(new RunningWorker(new SinkWiring().worker(config.getConfigMapping(WorkerConfig.class),
                new KafkaSink(config.getConfigMapping(KafkaSinkConfig.class)), new WorkerMetrics("kafka-sink"),
                new ConnectorName("kafka-sink")))).awaitRunning();
    }

    /** A config file for an application: this mesh, quick retries, and these settings of the connector. */
    String file(Map<String, String> settings) {
        StringBuilder yaml = new StringBuilder("mesh.address: '" + mesh.address() + "'\nmesh.topic: " + TOPIC
                + "\nregistry.path: '" + folder.resolve("registry") + "'\nregistry.interval: 50ms\nretry.max-delay: 200ms\n");
        settings.forEach((key, value) -> yaml.append("connector.").append(key).append(": '").append(value.replace("'", "''"))
                .append("'\n"));
        return yaml.toString();
    }

    /** Records with numbers as their values and keys. */
    static List<ProducerRecord<byte[], byte[]>> numbers(String topic, int from, int to) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            byte[] text = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
            records.add(new ProducerRecord<>(topic, text, text));
        }
        return records;
    }

    /** Events with numbers as their payloads. */
    static List<ConnectorRecord> events(int from, int to) {
        List<ConnectorRecord> events = new ArrayList<>();
        for (int i = from; i < to; i++) {
            events.add(event(i).text(Integer.toString(i)).build());
        }
        return events;
    }

    /** Begins an event. */
    static ConnectorRecord.Builder<?> event(int number) {
        return ConnectorRecord.builder().attribute("id", "event-" + number).attribute("source", "/tests")
                .attribute("type", "number").contentType("text/plain");
    }

    @Override
    public void close() throws Exception {
        while (!toClose.isEmpty()) {
            toClose.pop().close();
        }
    }
}
