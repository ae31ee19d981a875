package dev.emc.wire;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;

import dev.emc.api.ConnectorRecord;

/** What all CloudEvents in JSON that we write have in common. */
final class EventWriter {

    /** The attributes that are no extensions; {@code time} and {@code datacontenttype} are none of a record's. */
    static final List<String> CONTEXT = List.of("id", "source", "type", "subject", "dataschema");

    private static final SerializedString SPECVERSION = new SerializedString("specversion");
    private static final SerializedString VERSION = new SerializedString("1.0");
    private static final SerializedString ID = new SerializedString("id");
    private static final SerializedString SOURCE = new SerializedString("source");
    private static final SerializedString TYPE = new SerializedString("type");
    private static final SerializedString DATASCHEMA = new SerializedString("dataschema");
    private static final SerializedString TIME = new SerializedString("time");

    /** The last source that was a URI: most records have the same. */
    private static volatile String knownUri = "";

    private EventWriter() {}

    /**
     * Writes the context attributes except for the subject, then what {@code rest} writes.
     *
     * @param dataSize about how long the data will be, in bytes
     */
    static byte[] write(ConnectorRecord record, long dataSize, Rest rest) throws EventFormatException {
        String id = required(record, "id");
        String source = required(record, "source");
        String type = required(record, "type");
        String schema = record.attribute("dataschema");
        checkUri(record, "source", source);
        if (schema != null) {
            checkUri(record, "dataschema", schema);
        }
        checkAttributes(record);
        ByteArrayBuilder out = new ByteArrayBuilder((int) Math.min(dataSize + dataSize / 16 + 768, 8 << 20));
        try (JsonGenerator json = Json.FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeFieldName(SPECVERSION);
            json.writeString(VERSION);
            json.writeFieldName(ID);
            json.writeString(id);
            json.writeFieldName(SOURCE);
            json.writeString(source);
            json.writeFieldName(TYPE);
            json.writeString(type);
            if (schema != null) {
                json.writeFieldName(DATASCHEMA);
                json.writeString(schema);
            }
            if (record.timestamp() != null) {
                json.writeFieldName(TIME);
                json.writeString(record.timestamp().toString());
            }
            rest.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new EventFormatException("Event '" + id + "' can't be written as JSON.", e);
        }
        return out.toByteArray();
    }

    static void value(JsonGenerator json, String name, Object value) throws IOException {
        json.writeFieldName(name);
        if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else {
            json.writeString(value.toString());
        }
    }

    private static String required(ConnectorRecord record, String name) throws EventFormatException {
        String value = record.attribute(name);
        if (value == null || value.isEmpty()) {
            throw new EventFormatException(
                    "Event '" + record.id() + "' has no '" + name + "', which every CloudEvent needs.", null);
        }
        return value;
    }

    private static void checkUri(ConnectorRecord record, String name, String value) throws EventFormatException {
        if (value.equals(knownUri)) {
            return;
        }
        try {
            new URI(value);
            knownUri = value;
        } catch (URISyntaxException e) {
            throw new EventFormatException("The " + name + " of event '" + record.id() + "' has to be a URI but is '" + value
                    + "'.", e);
        }
    }

    private static void checkAttributes(ConnectorRecord record) throws EventFormatException {
        for (Map.Entry<String, Object> attribute : record.attributes().entrySet()) {
            String name = attribute.getKey();
            boolean good = !name.isEmpty();
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                good &= c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            }
            if (!good) {
                throw new EventFormatException("Event '" + record.id() + "' has an attribute '" + name
                        + "', but names of CloudEvents attributes are lower-case letters and digits only.", null);
            }
            checkText(record, name, attribute.getValue());
        }
        checkText(record, "datacontenttype", record.contentType());
    }

    /** Half a surrogate pair is no text, and would end as bytes that are no UTF-8. */
    private static void checkText(ConnectorRecord record, String name, Object value) throws EventFormatException {
        if (!(value instanceof String text)) {
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                int point = text.codePointAt(i++);
                if (!Character.isSupplementaryCodePoint(point)) {
                    throw new EventFormatException(
                            "The attribute '" + name + "' of event '" + record.id() + "' is no valid Unicode text.", null);
                }
            }
        }
    }

    /** Writes the rest of an event. */
    interface Rest {
        void write(JsonGenerator json) throws IOException;
    }
}
