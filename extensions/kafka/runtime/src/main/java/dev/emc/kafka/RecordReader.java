package dev.emc.kafka;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.api.SourceRecord;
import dev.emc.kit.BinaryMode;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** Makes events of Kafka's records. */
final class RecordReader {

    static final String CONTENT_TYPE = "content-type";
    /** The key, as CloudEvents' Kafka binding calls it. */
    static final String KEY = "partitionkey";
    /** A key that is no text. */
    static final String BINARY_KEY = "kafkakeybase64";
    private static final String STRUCTURED = "application/cloudevents";
    private static final String STRUCTURED_JSON = "application/cloudevents+json";
    private static final String TOPIC = "kafkatopic";
    private static final String PARTITION = "kafkapartition";
    private static final String OFFSET = "kafkaoffset";
    private static final Set<String> TAKEN = Set.of("id", "source", "type", "subject", "time", "data", "dataschema",
            "datacontenttype", "specversion", TOPIC, PARTITION, OFFSET, KEY, BINARY_KEY, "emcdata", "emctype", "emcsubject");

    private final KafkaSourceConfig config;
    private final boolean cloudEvents;
    private final boolean allHeaders;
    private final Set<String> headers = new HashSet<>();
    private final Map<String, Names> names = new HashMap<>();
    private final Map<TopicPartition, Map<String, Object>> partitions = new HashMap<>();

    /** What depends on the topic. */
    private record Names(String type, String source, String meshTopic) {}

    RecordReader(KafkaSourceConfig config) {
        this.config = config;
        this.cloudEvents = config.cloudevents();
        this.allHeaders = config.headers().contains("all");
        if (!allHeaders) {
            config.headers().forEach(header -> headers.add(header.toLowerCase(Locale.ROOT)));
        }
    }

    /** The partition of positions. */
    static Map<String, Object> partition(TopicPartition partition) {
        return Map.of("topic", partition.topic(), "partition", (long) partition.partition());
    }

    /** Where to read on in a partition. */
    static Position position(Map<String, Object> partition, long offset) {
        return new Position(partition, Map.of("offset", offset));
    }

    /** Of a position. */
    static TopicPartition partition(Position position) {
        return new TopicPartition((String) position.partition().get("topic"),
                ((Long) position.partition().get("partition")).intValue());
    }

    /** The offset of a position: that of the next record to read. */
    static long offset(Position position) {
        return (Long) position.offset().get("offset");
    }

    /**
     * Makes an event of a record.
     *
     * @param next where reading goes on when the record is done
     */
    SourceRecord read(ConsumerRecord<byte[], byte[]> record, long next) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Position position = position(partitions.computeIfAbsent(partition, RecordReader::partition), next);
        SourceRecord.Builder event = SourceRecord.at(position);
        try {
            if (!cloudEvents || !fillEvent(record, event)) {
                fillPlain(record, event);
            }
        } catch (EventFormatException wrong) {
            event = SourceRecord.at(position);
            fillPlain(record, event);
            event.problem(new PermanentException("record " + record.offset() + " of partition " + record.partition()
                    + " of topic " + record.topic() + " should be a CloudEvent and can't be read as one: " + wrong.getMessage()
                    + " connector.cloudevents: false takes such records as they are.", wrong));
        }
        return event.topic(names(record.topic()).meshTopic).build();
    }

    private Names names(String topic) {
        return names.computeIfAbsent(topic, name -> new Names(named(config.type(), name), named(config.source(), name),
                config.meshTopic().map(template -> named(template, name)).orElse(null)));
    }

    private static String named(String template, String topic) {
        return template.replace("{topic}", topic);
    }

    /** Reads a record that is a CloudEvent; false when it is none. */
    private boolean fillEvent(ConsumerRecord<byte[], byte[]> record, SourceRecord.Builder event) throws EventFormatException {
        String contentType = contentType(record);
        if (contentType != null && contentType.regionMatches(true, 0, STRUCTURED, 0, STRUCTURED.length())) {
            if (!contentType.regionMatches(true, 0, STRUCTURED_JSON, 0, STRUCTURED_JSON.length())) {
                throw new EventFormatException("Its content type is " + contentType + ", and of these emc reads only "
                        + STRUCTURED_JSON + ".", null);
            }
            byte[] json = record.value();
            if (json == null) {
                throw new EventFormatException("It has no value.", null);
            }
            StructuredJson.fill(json, 0, json.length, event);
        } else if (record.headers().lastHeader(BinaryMode.KAFKA.marker()) != null) {
            BinaryMode.KAFKA.fill(texts(record), event).data(record.value()).contentType(contentType);
        } else {
            return false;
        }
        fillMetadata(record, event, eventsOwn(event));
        return true;
    }

    /** The names of the attributes that an event has already. */
    private static Set<String> eventsOwn(SourceRecord.Builder event) {
        return event.build().attributes().keySet();
    }

    private static List<Map.Entry<String, String>> texts(ConsumerRecord<byte[], byte[]> record) throws EventFormatException {
        List<Map.Entry<String, String>> texts = new ArrayList<>();
        for (Header header : record.headers()) {
            if (header.value() != null && BinaryMode.KAFKA.owns(header.key())) {
                String text = Texts.utf8(header.value());
                if (text == null) {
                    throw new EventFormatException("Its header " + header.key() + " isn't UTF-8.", null);
                }
                texts.add(Map.entry(header.key(), text));
            }
        }
        return texts;
    }

    private void fillPlain(ConsumerRecord<byte[], byte[]> record, SourceRecord.Builder event) {
        Names of = names(record.topic());
        String contentType = contentType(record);
        event.attribute("id", record.topic() + '-' + record.partition() + '-' + record.offset())
                .attribute("source", of.source).attribute("type", of.type).data(record.value())
                .contentType(contentType != null ? contentType : config.contentType().orElse(null));
        if (record.timestamp() >= 0) {
            event.timestamp(Instant.ofEpochMilli(record.timestamp()));
        }
        fillMetadata(record, event, Set.of());
    }

    private static String contentType(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(CONTENT_TYPE);
        String text = header == null || header.value() == null ? null : Texts.utf8(header.value());
        return text == null || text.isBlank() ? null : text;
    }

    /** @param own attributes that stay as they are */
    private void fillMetadata(ConsumerRecord<byte[], byte[]> record, SourceRecord.Builder event, Set<String> own) {
        for (Header header : record.headers()) {
            fillHeader(header, event, own);
        }
        if (record.key() != null && !own.contains(KEY)) {
            String text = Texts.utf8(record.key());
            if (text != null) {
                event.attribute(KEY, text);
            } else {
                event.attribute(BINARY_KEY, Base64.getEncoder().encodeToString(record.key()));
            }
        }
        event.attribute(TOPIC, record.topic()).attribute(PARTITION, record.partition())
                .attribute(OFFSET, Long.toString(record.offset()));
    }

    private void fillHeader(Header header, SourceRecord.Builder event, Set<String> own) {
        String key = header.key();
        boolean wanted = allHeaders || headers.contains(key.toLowerCase(Locale.ROOT));
        if (!wanted || header.value() == null || key.equals(CONTENT_TYPE) || cloudEvents && BinaryMode.KAFKA.owns(key)) {
            return;
        }
        String name = extensionName(key);
        if (!own.contains(name)) {
            String text = Texts.utf8(header.value());
            event.attribute(name, text != null ? text : Base64.getEncoder().encodeToString(header.value()));
        }
    }

    /** A header's name in the letters that names of attributes have. */
    static String extensionName(String header) {
        StringBuilder name = new StringBuilder(header.length());
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                name.append((char) (c + ('a' - 'A')));
            } else if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
                name.append(c);
            }
        }
        String text = name.toString();
        return text.isEmpty() || TAKEN.contains(text) ? "header" + text : text;
    }
}
