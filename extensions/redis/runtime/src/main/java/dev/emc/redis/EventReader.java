package dev.emc.redis;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import dev.emc.api.PermanentException;
import dev.emc.api.SourceRecord;
import dev.emc.kit.BinaryMode;
import dev.emc.redis.RedisSourceConfig.Format;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** Makes events of what is in Redis; where that can't be done, records with a problem. */
final class EventReader {

    private static final JsonFactory JSON = new JsonFactory();

    private final Format format;
    private final String dataField;
    private final Optional<String> contentType;

    EventReader(RedisSourceConfig config) {
        this.format = config.format();
        this.dataField = config.dataField();
        this.contentType = config.contentType();
    }

    /** An element of a list or a message of a channel. */
    SourceRecord payload(SourceRecord.Builder record, byte[] data) {
        if (format == Format.AUTO && Payload.isEvent(data)) {
            return event(record, data);
        }
        return plain(record, data);
    }

    /** An entry of a stream. */
    SourceRecord entry(SourceRecord.Builder record, Map<String, byte[]> fields) {
        byte[] data = fields.get(dataField);
        if (format == Format.DATA) {
            return data == null
                    ? problem(record, object(fields), "there is no field '" + dataField + "' (connector.data-field)")
                    : plain(record, data);
        }
        if (format == Format.AUTO) {
            if (fields.containsKey(BinaryMode.KAFKA.marker())) {
                return binary(record, fields);
            }
            if (fields.size() == 1) {
                byte[] only = fields.values().iterator().next();
                if (Payload.isEvent(only)) {
                    return event(record, only);
                }
                if (data != null) {
                    return plain(record, data);
                }
            }
        }
        for (Map.Entry<String, byte[]> field : fields.entrySet()) {
            if (Payload.text(field.getValue()) == null) {
                return problem(record, field.getValue(), "the field '" + field.getKey()
                        + "' isn't text and can't stand in JSON; set connector.format to data and connector.data-field");
            }
        }
        return record.data(object(fields)).contentType("application/json").build();
    }

    private static SourceRecord event(SourceRecord.Builder record, byte[] json) {
        try {
            return StructuredJson.fill(json, 0, json.length, record).build();
        } catch (EventFormatException wrong) {
            return problem(record, json, "it looks like a CloudEvent and isn't one: " + wrong.getMessage());
        }
    }

    private SourceRecord binary(SourceRecord.Builder record, Map<String, byte[]> fields) {
        List<Map.Entry<String, String>> attributes = new ArrayList<>();
        fields.forEach((name, value) -> {
            if (BinaryMode.KAFKA.owns(name)) {
                attributes.add(Map.entry(name, new String(value, StandardCharsets.UTF_8)));
            }
        });
        byte[] type = fields.get(Fields.CONTENT_TYPE);
        try {
            return BinaryMode.KAFKA.fill(attributes, record).data(fields.get(dataField))
                    .contentType(type == null ? null : Payload.text(type)).build();
        } catch (EventFormatException wrong) {
            return problem(record, object(fields), wrong.getMessage());
        }
    }

    private SourceRecord plain(SourceRecord.Builder record, byte[] data) {
        return record.data(data).contentType(contentType.orElseGet(() -> Payload.contentType(data))).build();
    }

    private static SourceRecord problem(SourceRecord.Builder record, byte[] data, String message) {
        return record.data(data).contentType(Payload.contentType(data)).problem(new PermanentException(message)).build();
    }

    private static byte[] object(Map<String, byte[]> fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            for (Map.Entry<String, byte[]> field : fields.entrySet()) {
                json.writeStringField(field.getKey(), new String(field.getValue(), StandardCharsets.UTF_8));
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
