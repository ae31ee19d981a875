package dev.emc.wire;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.emc.api.ConnectorRecord;

/**
 * Records as CloudEvents 1.0 in the standard's JSON format ("structured mode"), one JSON object on one line. Every
 * CloudEvents library reads what this writes, and reading it back gives the very record, without its topic.
 *
 * <p>A payload of a JSON content type that is valid JSON on one line is written as it is ({@code data}), other text
 * that is not declared as JSON as a string ({@code data}), all else as {@code data_base64}.
 */
public final class StructuredJson {

    private static final byte[] CONTENT_TYPE = EventWriter.ascii(",\"datacontenttype\":");
    private static final byte[] SUBJECT = EventWriter.ascii(",\"subject\":");
    private static final byte[] DATA = EventWriter.ascii(",\"data\":");
    private static final byte[] DATA_BASE64 = EventWriter.ascii(",\"data_base64\":");

    /** What the CloudEvents project's own Java library takes for JSON. */
    private static final Pattern JSON = Pattern.compile("(application|text)/([a-zA-Z]+\\+)?json(;.*)*");

    private StructuredJson() {}

    /**
     * Writes a record.
     *
     * @return one JSON object in UTF-8, without any line break
     * @throws EventFormatException when the record has no id, source or type, or an attribute that no CloudEvent can have
     */
    public static byte[] write(ConnectorRecord record) throws EventFormatException {
        if (record.attributes().containsKey("specversion")) {
            throw new EventFormatException("Event '" + record.id() + "' has an extension 'specversion', a name that every"
                    + " CloudEvent has already.", null);
        }
        JsonBuffer json = EventWriter.buffer(record);
        EventWriter.begin(record, json);
        if (record.contentType() != null) {
            json.raw(CONTENT_TYPE).raw(EventWriter.known(record, "datacontenttype", record.contentType()));
        }
        if (record.attribute("subject") != null) {
            EventWriter.text(record, "subject", record.attribute("subject"), json.raw(SUBJECT));
        }
        EventWriter.extensions(record, json, null);
        if (record.data() != null) {
            data(record.contentType(), record.data(), json);
        }
        return json.raw('}').copy();
    }

    private static void data(String contentType, byte[] data, JsonBuffer json) {
        boolean text = Utf8.valid(data);
        if (text && isJson(contentType) && oneLine(data)) {
            json.raw(DATA).raw(data);
        } else if (text && !looksLikeJson(contentType)) {
            json.raw(DATA).string(data);
        } else {
            json.raw(DATA_BASE64).base64(data);
        }
    }

    /**
     * Reads an event.
     *
     * @throws EventFormatException when this is no CloudEvent 1.0 in JSON
     */
    public static ConnectorRecord read(byte[] json) throws EventFormatException {
        return fill(json, 0, json.length, ConnectorRecord.builder()).build();
    }

    /**
     * Reads an event into a builder, of a source's record for example: data, content type, timestamp and attributes.
     *
     * @return the builder
     * @throws EventFormatException when this is no CloudEvent 1.0 in JSON
     */
    public static <B extends ConnectorRecord.Builder<?>> B fill(byte[] json, int offset, int length, B builder)
            throws EventFormatException {
        EventReader event = EventReader.read(json, offset, length);
        builder.data(event.data()).contentType(event.contentType).timestamp(event.time);
        event.attributes.forEach(builder::attribute);
        return builder;
    }

    /** Whether data of this content type is a JSON value in an event, and not a string with text in it. */
    static boolean isJson(String contentType) {
        return contentType == null || contentType.equals("application/json") || JSON.matcher(contentType).matches();
    }

    /** Whether some reader might take data of this content type for a JSON value. */
    private static boolean looksLikeJson(String contentType) {
        return isJson(contentType) || isJsonType(contentType);
    }

    /** Whether a media type, which may have parameters, is one of JSON: {@code application/json}, {@code text/x+json}, … */
    public static boolean isJsonType(String contentType) {
        int parameters = contentType.indexOf(';');
        String type = (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
        return type.endsWith("/json") || type.endsWith("+json");
    }

    /** Whether this is exactly one JSON value with nothing around it and no line break in it, but not null. */
    private static boolean oneLine(byte[] data) {
        if (data.length == 0 || data[0] <= ' ' || data[data.length - 1] <= ' ') {
            return false;
        }
        for (byte b : data) {
            if (b == '\n' || b == '\r') {
                return false;
            }
        }
        try (JsonParser parser = Json.STRICT.createParser(data)) {
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
