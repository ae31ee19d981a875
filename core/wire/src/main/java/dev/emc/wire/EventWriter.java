package dev.emc.wire;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;

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
    /** Behind the name of an extension that isn't text. */
    private static final byte[] INTEGER = ascii(":i");
    private static final byte[] BOOLEAN = ascii(":b");
    /** So much of a value is repeated in messages. */
    private static final int SHOWN = 100;

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
     * @throws EventFormatException when the record is no event; a part of it may be written then
     */
    static void begin(ConnectorRecord record, JsonBuffer json) throws EventFormatException {
        json.raw(START);
        text(record, "id", required(record, "id"), json);
        String source = required(record, "source");
        checkUri(record, "source", source);
        json.raw(SOURCE).raw(known(record, "source", source));
        json.raw(TYPE).raw(known(record, "type", required(record, "type")));
        String schema = record.attribute("dataschema");
        if (schema != null) {
            checkUri(record, "dataschema", schema);
            text(record, "dataschema", schema, json.raw(DATASCHEMA));
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
            throw new EventFormatException("The " + name + " of event '" + record.id() + "' has to be a URI but is '"
                    + beginning(value) + "'.", e);
        }
    }

    /** Writes an attribute's value. */
    static void text(ConnectorRecord record, String name, String value, JsonBuffer json) throws EventFormatException {
        if (!json.text(value)) {
            throw noText(record, name);
        }
    }

    /** An attribute's value that most events have, as JSON. */
    static byte[] known(ConnectorRecord record, String name, String value) throws EventFormatException {
        byte[] json = KnownTexts.json(value);
        if (json == null) {
            throw noText(record, name);
        }
        return json;
    }

    private static EventFormatException noText(ConnectorRecord record, String name) {
        return new EventFormatException("The attribute '" + name + "' of event '" + record.id()
                + "' is no valid Unicode text.", null);
    }

    /** Whether a record's attribute is no extension. */
    static boolean isContext(String name) {
        return switch (name) {
            case "id", "source", "type", "subject", "dataschema" -> true;
            default -> false;
        };
    }

    /**
     * Writes all extensions.
     *
     * @param names of those that the mesh carries: gets the list of their names, and those that mean something else there are
     *            renamed; null to write them as they are
     * @throws EventFormatException when one can't be an attribute of a CloudEvent; some may be written then
     */
    static void extensions(ConnectorRecord record, JsonBuffer json, JsonBuffer names) throws EventFormatException {
        Extensions extensions = new Extensions(json, names);
        record.attributes().forEach(extensions);
        if (extensions.badName != null) {
            throw new EventFormatException("Event '" + record.id() + "' has an attribute '" + beginning(extensions.badName)
                    + "', but names of CloudEvents attributes are lower-case letters and digits only, and not longer than "
                    + KnownTexts.LONGEST_NAME + ".", null);
        }
        if (extensions.badText != null) {
            throw noText(record, extensions.badText);
        }
    }

    private static String beginning(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    /** What {@link #extensions} does with each attribute: one object for all of them. */
    private static final class Extensions implements BiConsumer<String, Object> {

        private final JsonBuffer json;
        private final JsonBuffer names;
        private String badName;
        private String badText;

        Extensions(JsonBuffer json, JsonBuffer names) {
            this.json = json;
            this.names = names;
        }

        @Override
        public void accept(String name, Object value) {
            if (isContext(name)) {
                return;
            }
            KnownTexts.Name known = KnownTexts.name(name);
            if (known == null) {
                badName = name;
                return;
            }
            json.raw(names == null ? known.member() : known.carried());
            if (names != null) {
                if (names.length() > 0) {
                    names.raw(',');
                }
                names.raw(known.ascii());
            }
            if (value instanceof String text) {
                if (!json.text(text)) {
                    badText = name;
                }
                return;
            }
            if (names != null) {
                names.raw(value instanceof Integer ? INTEGER : BOOLEAN);
            }
            json.value(value);
        }
    }
}
