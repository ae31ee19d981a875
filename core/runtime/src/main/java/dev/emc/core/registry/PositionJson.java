package dev.emc.core.registry;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

import dev.emc.api.Position;

/** Positions as JSON: {@code {"worker": …, "positions": [{"partition": {…}, "offset": {…}}, …]}}, all ASCII. */
public final class PositionJson {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            // file names may hold what is no valid text; escaped it survives
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    /** What a line holds; the worker is null in lines that don't name it. */
    public record Content(String worker, List<Position> positions) {}

    private PositionJson() {}

    static void write(OutputStream out, String worker, Collection<Position> positions) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.writeStartObject();
            if (worker != null) {
                json.writeStringField("worker", worker);
            }
            json.writeArrayFieldStart("positions");
            for (Position position : positions) {
                json.writeStartObject();
                json.writeFieldName("partition");
                write(json, position.partition());
                json.writeFieldName("offset");
                write(json, position.offset());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void write(JsonGenerator json, Map<String, Object> values) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, Object> entry : new TreeMap<>(values).entrySet()) {
            json.writeFieldName(entry.getKey());
            if (entry.getValue() instanceof Long number) {
                json.writeNumber(number);
            } else if (entry.getValue() instanceof Boolean truth) {
                json.writeBoolean(truth);
            } else {
                json.writeString((String) entry.getValue());
            }
        }
        json.writeEndObject();
    }

    /** One half of a position as a JSON object; the same text for the same values. */
    public static String text(Map<String, Object> values) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            write(json, values);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /**
     * A position from the texts of its halves.
     *
     * @throws IOException when they are none
     */
    public static Position position(String partition, String offset) throws IOException {
        return new Position(values(partition), values(offset));
    }

    private static Map<String, Object> values(String text) throws IOException {
        try (JsonParser json = FACTORY.createParser(text)) {
            json.nextToken();
            return values(json);
        }
    }

    /** Reads what {@link #write} has written. */
    public static Content read(byte[] bytes, int offset, int length) throws IOException {
        try (JsonParser json = FACTORY.createParser(bytes, offset, length)) {
            String worker = null;
            List<Position> positions = new ArrayList<>();
            expect(json, json.nextToken(), JsonToken.START_OBJECT);
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                if (field.equals("worker")) {
                    worker = json.getText();
                } else if (field.equals("positions")) {
                    expect(json, json.currentToken(), JsonToken.START_ARRAY);
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        positions.add(position(json));
                    }
                } else {
                    throw new JsonParseException(json, "unknown field '" + field + "'");
                }
            }
            return new Content(worker, positions);
        }
    }

    private static Position position(JsonParser json) throws IOException {
        Map<String, Object> partition = null;
        Map<String, Object> offset = null;
        expect(json, json.currentToken(), JsonToken.START_OBJECT);
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            if (field.equals("partition")) {
                partition = values(json);
            } else if (field.equals("offset")) {
                offset = values(json);
            } else {
                throw new JsonParseException(json, "unknown field '" + field + "'");
            }
        }
        if (partition == null || offset == null) {
            throw new JsonParseException(json, "a position without partition or offset");
        }
        return new Position(partition, offset);
    }

    private static Map<String, Object> values(JsonParser json) throws IOException {
        expect(json, json.currentToken(), JsonToken.START_OBJECT);
        Map<String, Object> values = new LinkedHashMap<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken token = json.nextToken();
            values.put(name, switch (token) {
                case VALUE_STRING -> json.getText();
                case VALUE_NUMBER_INT -> json.getLongValue();
                case VALUE_TRUE -> Boolean.TRUE;
                case VALUE_FALSE -> Boolean.FALSE;
                default -> throw new JsonParseException(json, "'" + name + "' is not a string, whole number or boolean");
            });
        }
        return values;
    }

    private static void expect(JsonParser json, JsonToken actual, JsonToken expected) throws IOException {
        if (actual != expected) {
            throw new JsonParseException(json, "expected " + expected + ", not " + actual);
        }
    }
}
