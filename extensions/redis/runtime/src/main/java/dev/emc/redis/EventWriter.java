package dev.emc.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.kit.BinaryMode;
import dev.emc.kit.JsonText;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** Makes of an event what is written to Redis. */
final class EventWriter {

    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] NOTHING = {};

    private final RedisSinkConfig config;

    EventWriter(RedisSinkConfig config) {
        this.config = config;
    }

    /** One value. */
    byte[] value(ConnectorRecord event) throws PermanentException {
        if (config.format() == RedisSinkConfig.Format.DATA) {
            return event.data() == null ? NOTHING : event.data();
        }
        try {
            return StructuredJson.write(event);
        } catch (EventFormatException wrong) {
            throw new PermanentException(wrong.getMessage(), wrong);
        }
    }

    /** Fields of a stream's entry or of a hash, one or more. */
    Map<String, byte[]> fields(ConnectorRecord event) throws PermanentException {
        return switch (config.format()) {
            case STRUCTURED, DATA -> Map.of(config.dataField(), value(event));
            case BINARY -> binary(event);
            case FIELDS -> members(event);
        };
    }

    private Map<String, byte[]> binary(ConnectorRecord event) {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        BinaryMode.KAFKA.write(event, (name, value) -> fields.put(name, bytes(value)));
        if (event.contentType() != null) {
            fields.put(Fields.CONTENT_TYPE, bytes(event.contentType()));
        }
        if (event.data() != null) {
            fields.put(config.dataField(), event.data());
        }
        return fields;
    }

    /** The members of a JSON object: strings without their quotes, all else as its JSON. */
    private static Map<String, byte[]> members(ConnectorRecord event) throws PermanentException {
        byte[] json = JsonText.of(event.data(), event.contentType(), event.id());
        Map<String, byte[]> fields = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new PermanentException(
                        "the payload of event '" + event.id() + "' is no JSON object, which format: fields needs");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING) {
                    fields.put(name, bytes(parser.getText()));
                } else {
                    int start = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    parser.finishToken();
                    int end = (int) parser.currentLocation().getByteOffset();
                    fields.put(name, new String(json, start, end - start, StandardCharsets.UTF_8).strip()
                            .getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException wrong) {
            throw new PermanentException("the payload of event '" + event.id() + "' is no JSON", wrong);
        }
        if (fields.isEmpty()) {
            throw new PermanentException(
                    "the payload of event '" + event.id() + "' is an empty object, and Redis keeps nothing without fields");
        }
        return fields;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
