package dev.emc.wire;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.emc.api.ConnectorRecord;

/** What all CloudEvents in JSON that we write have in common. */
final class EventWriter {

    /** The attributes that are no extensions; {@code time} and {@code datacontenttype} are none of a record's. */
    static final List<String> CONTEXT = List.of("id", "source", "type", "subject", "dataschema");

    private static final byte[] START = ascii("{\"specversion\":\"1.0\",\"id\":");
    private static final byte[] SOURCE = ascii(",\"source\":");
    private static final byte[] TYPE = ascii(",\"type\":");
    private static final byte[] DATASCHEMA = ascii(",\"dataschema\":");
    private static final byte[] TIME = ascii(",\"time\":");

    /** The last source that was a URI: most records have the same. */
    private static volatile String knownUri = "";

    private EventWriter() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A buffer for one record, with room for what its data may take. */
    static JsonBuffer buffer(ConnectorRecord record) {
        long data = record.data() == null ? 0 : record.data().length;
        return new JsonBuffer((int) Math.min(data + data / 16 + 768, 8 << 20));
    }

    /**
     * Writes the beginning of an event: the context attributes except for the subject.
     *
     * @throws EventFormatException when the record is no event; nothing is written then
     */
    static void begin(ConnectorRecord record, JsonBuffer json) throws EventFormatException {
        String id = required(record, "id");
        String source = required(record, "source");
        String type = required(record, "type");
        String schema = record.attribute("dataschema");
        checkUri(record, "source", source);
        if (schema != null) {
            checkUri(record, "dataschema", schema);
        }
        checkAttributes(record);
        json.raw(START).string(id).raw(SOURCE).raw(KnownTexts.json(source)).raw(TYPE).raw(KnownTexts.json(type));
        if (schema != null) {
            json.raw(DATASCHEMA).string(schema);
        }
        if (record.timestamp() != null) {
            json.raw(TIME).string(record.timestamp().toString());
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
            if (!KnownTexts.isName(name)) {
                throw new EventFormatException("Event '" + record.id() + "' has an attribute '" + name
                        + "', but names of CloudEvents attributes are lower-case letters and digits only.", null);
            }
            if (attribute.getValue() instanceof String text) {
                boolean same = name.equals("source") || name.equals("type");
                check(record, name, same ? KnownTexts.json(text) != null : KnownTexts.isUnicode(text));
            }
        }
        String contentType = record.contentType();
        check(record, "datacontenttype", contentType == null || KnownTexts.json(contentType) != null);
    }

    private static void check(ConnectorRecord record, String name, boolean good) throws EventFormatException {
        if (!good) {
            throw new EventFormatException("The attribute '" + name + "' of event '" + record.id()
                    + "' is no valid Unicode text.", null);
        }
    }
}
