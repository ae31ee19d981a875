package dev.emc.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

import dev.emc.api.ConnectorRecord;
import dev.emc.kafka.KafkaBroker.Listener;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.SourceDriver;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** Topics for the Kafka source to read. */
public final class KafkaSourceDriver implements SourceDriver<KafkaSourceConfig> {

    private final KafkaBroker broker = KafkaBroker.shared();
    private final boolean registry;
    private final boolean structured;

    private KafkaSourceDriver(boolean registry, boolean structured) throws Exception {
        this.registry = registry;
        this.structured = structured;
    }

    /** A member of a group; the records are plain ones. */
    public static KafkaSourceDriver plainInGroup() throws Exception {
        return new KafkaSourceDriver(false, false);
    }

    /** With the worker's registry; the records are CloudEvents in JSON. */
    public static KafkaSourceDriver eventsWithRegistry() throws Exception {
        return new KafkaSourceDriver(true, true);
    }

    @Override
    public String name() {
        return "kafka-source";
    }

    @Override
    public Class<KafkaSourceConfig> configClass() {
        return KafkaSourceConfig.class;
    }

    @Override
    public KafkaSource create(KafkaSourceConfig config) {
        return new KafkaSource(config);
    }

    @Override
    public Set<Feature> features() {
        Set<Feature> features = structured
                ? EnumSet.complementOf(EnumSet.of(Feature.IDEMPOTENT))
                : EnumSet.of(Feature.ORDER, Feature.BINARY, Feature.EMPTY, Feature.NO_PAYLOAD, Feature.CONTENT_TYPE,
                        Feature.UNREADABLE);
        if (!registry) {
            features.remove(Feature.REPLAY);
        }
        return features;
    }

    @Override
    public int maxPayload() {
        return 1_000_000;
    }

    @Override
    public Map<String, String> newPlace() throws Exception {
        String topic = broker.newTopic(1);
        Map<String, String> place = Settings.of("bootstrap-servers", broker.address(Listener.PROXIED), "topics", topic);
        if (registry) {
            place.put("positions", "registry");
        } else {
            place.put("group", topic + "-readers");
            place.put("session-timeout", "6s");
        }
        return place;
    }

    @Override
    public Map<String, String> samplePlace() throws Exception {
        Map<String, String> place = newPlace();
        place.keySet().retainAll(Set.of("bootstrap-servers", "topics", "group"));
        return place;
    }

    @Override
    public void write(Map<String, String> place, List<ConnectorRecord> records) throws Exception {
        List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();
        for (ConnectorRecord record : records) {
            written.add(record(place.get("topics"), record));
        }
        broker.write(written);
    }

    private ProducerRecord<byte[], byte[]> record(String topic, ConnectorRecord event) throws EventFormatException {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic,
                structured ? StructuredJson.write(event) : event.data());
        if (structured || event.contentType() != null) {
            contentType(record.headers(), structured ? "application/cloudevents+json" : event.contentType());
        }
        return record;
    }

    private static void contentType(Headers headers, String type) {
        headers.add("content-type", type.getBytes(StandardCharsets.UTF_8));
    }

    /** Something that says it is an event in JSON. */
    @Override
    public void writePoison(Map<String, String> place) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(place.get("topics"),
                "{\"id\": 1, no event".getBytes(StandardCharsets.UTF_8));
        contentType(record.headers(), "application/cloudevents+json");
        broker.write(record);
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
        return Map.of("start", "yesterday", "type", "a{b}c", "source", "{", "mesh-topic", "{type}", "topics", "a b",
                "session-timeout", "0s");
    }
}
