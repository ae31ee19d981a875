package dev.emc.kafka;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import dev.emc.api.ConnectorRecord;
import dev.emc.kafka.KafkaBroker.Listener;
import dev.emc.kit.BinaryMode;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.SinkDriver;
import dev.emc.wire.StructuredJson;

/** Topics for the Kafka sink to write to. */
public final class KafkaSinkDriver implements SinkDriver<KafkaSinkConfig> {

    private final KafkaBroker broker = KafkaBroker.shared();
    private final Map<String, String> settings;

    private KafkaSinkDriver(Map<String, String> settings) throws Exception {
        this.settings = settings;
    }

    /** Attributes in headers. */
    public static KafkaSinkDriver binary() throws Exception {
        return new KafkaSinkDriver(Map.of("format", "binary"));
    }

    /** Events in JSON, a transaction for each batch. */
    public static KafkaSinkDriver structuredInTransactions() throws Exception {
        return new KafkaSinkDriver(Map.of("format", "structured", "transactions", "true"));
    }

    @Override
    public String name() {
        return "kafka-sink";
    }

    @Override
    public Class<KafkaSinkConfig> configClass() {
        return KafkaSinkConfig.class;
    }

    @Override
    public KafkaSink create(KafkaSinkConfig config) {
        return new KafkaSink(config);
    }

    @Override
    public Set<Feature> features() {
        Set<Feature> features = EnumSet.complementOf(EnumSet.of(Feature.IDEMPOTENT, Feature.REPLAY, Feature.UNREADABLE));
        if (isBinary()) {
            features.remove(Feature.TYPED_ATTRIBUTES);
        }
        return features;
    }

    private boolean isBinary() {
        return settings.get("format").equals("binary");
    }

    @Override
    public int maxPayload() {
        return 1_000_000;
    }

    @Override
    public Map<String, String> newPlace() throws Exception {
        String topic = broker.newTopic(1);
        Map<String, String> place = Settings.of("bootstrap-servers", broker.address(Listener.PROXIED), "topic", topic,
                "delivery-timeout", "6s", "request-timeout", "5s");
        place.putAll(settings);
        if (settings.containsKey("transactions")) {
            place.put("transactional-id", topic);
        }
        return place;
    }

    @Override
    public Map<String, String> samplePlace() throws Exception {
        Map<String, String> place = newPlace();
        place.keySet().retainAll(Set.of("bootstrap-servers", "topic"));
        return place;
    }

    @Override
    public List<ConnectorRecord> read(Map<String, String> place) throws Exception {
        List<ConnectorRecord> events = new java.util.ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : broker.read(place.get("topic"))) {
            events.add(isBinary() ? binary(record) : StructuredJson.read(record.value()));
        }
        return events;
    }

    private static ConnectorRecord binary(ConsumerRecord<byte[], byte[]> record) throws Exception {
        ConnectorRecord.Builder<?> event = BinaryMode.KAFKA.fill(Settings.headers(record).entrySet(),
                ConnectorRecord.builder());
        return event.data(record.value()).contentType(Settings.headers(record).get("content-type")).build();
    }

    /** Too long for the producer. */
    @Override
    public Optional<ConnectorRecord> poison(ConnectorRecord event) {
        return Optional.of(ConnectorRecord.builder().attributes(event.attributes())
                .data("x".repeat(1_100_000).getBytes(StandardCharsets.UTF_8)).contentType("text/plain").build());
    }

    @Override
    public void breakSystem() throws Exception {
        broker.proxy().cut();
    }

    @Override
    public void mendSystem() throws Exception {
        broker.proxy().mend();
    }

    @Override
    public Map<String, String> wrongSettings() {
        return Map.of("topic", "no topic", "key", "{a", "max-record-bytes", "0", "producer-batch-size", "0",
                "buffer-memory", "0", "delivery-timeout", "1s");
    }
}
