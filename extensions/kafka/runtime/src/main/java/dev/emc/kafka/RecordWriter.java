package dev.emc.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.kafka.KafkaSinkConfig.Format;
import dev.emc.kafka.KafkaSinkConfig.NoData;
import dev.emc.kafka.KafkaSinkConfig.Timestamp;
import dev.emc.kit.BinaryMode;
import dev.emc.kit.Template;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** Makes records of Kafka of events. */
final class RecordWriter {

    private static final byte[] NOTHING = {};
    private static final byte[] STRUCTURED = "application/cloudevents+json; charset=UTF-8".getBytes(StandardCharsets.UTF_8);

    private final Template topic;
    private final Optional<Template> key;
    private final Format format;
    private final boolean tombstones;
    private final boolean eventTime;
    private final Map<String, Template> headers = new LinkedHashMap<>();

    RecordWriter(KafkaSinkConfig config) {
        this.topic = Template.parse(config.topic());
        this.key = config.key().map(Template::parse);
        this.format = config.format();
        this.tombstones = config.noData() == NoData.TOMBSTONE;
        this.eventTime = config.timestamp() == Timestamp.EVENT;
        config.headers().forEach((name, value) -> headers.put(name, Template.parse(value)));
    }

    /** @throws PermanentException when the event can't be a record */
    ProducerRecord<byte[], byte[]> write(ConnectorRecord event) throws PermanentException {
        Headers written = new RecordHeaders();
        for (Map.Entry<String, Template> header : headers.entrySet()) {
            written.add(header.getKey(), utf8(header.getValue().apply(event)));
        }
        byte[] value = value(event, written);
        Long time = eventTime && event.timestamp() != null ? Long.valueOf(event.timestamp().toEpochMilli()) : null;
        if (time != null && time < 0) {
            throw new PermanentException("Event '" + event.id() + "' is of " + event.timestamp()
                    + ", and Kafka has no time before 1970; connector.timestamp: now takes the time of writing.");
        }
        return new ProducerRecord<>(topic(event), null, time, key(event), value, written);
    }

    private String topic(ConnectorRecord event) throws PermanentException {
        String name = topic.apply(event);
        if (name.isEmpty()) {
            throw new PermanentException("Event '" + event.id() + "' has nothing where connector.topic, \"" + topic
                    + "\", needs something; a default can stand there after a bar, as in {subject|none}.");
        }
        return name;
    }

    private byte[] key(ConnectorRecord event) throws PermanentException {
        if (key.isPresent()) {
            String text = key.get().apply(event);
            return text.isEmpty() ? null : utf8(text);
        }
        String binary = event.attribute(RecordReader.BINARY_KEY);
        if (binary != null) {
            try {
                return Base64.getDecoder().decode(binary);
            } catch (IllegalArgumentException wrong) {
                throw new PermanentException("Event '" + event.id() + "' has a " + RecordReader.BINARY_KEY
                        + " that isn't base64.", wrong);
            }
        }
        String text = event.attribute(RecordReader.KEY);
        return text == null ? null : utf8(text);
    }

    private byte[] value(ConnectorRecord event, Headers headers) throws PermanentException {
        if (format == Format.STRUCTURED) {
            headers.add(RecordReader.CONTENT_TYPE, STRUCTURED);
            try {
                return StructuredJson.write(event);
            } catch (EventFormatException wrong) {
                throw new PermanentException(wrong.getMessage(), wrong);
            }
        }
        if (event.contentType() != null) {
            headers.add(RecordReader.CONTENT_TYPE, utf8(event.contentType()));
        }
        if (format == Format.BINARY) {
            BinaryMode.KAFKA.write(event, (name, text) -> headers.add(name, utf8(text)));
        }
        return event.data() != null || tombstones ? event.data() : NOTHING;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
