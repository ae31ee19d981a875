package dev.emc.core.deadletters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Position;
import dev.emc.core.engine.DeadLetter;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/**
 * A dead letter as one line of JSON: {@code id, time, worker, connector, error {class, message}, attempts}, then
 * {@code topic} and {@code position {partition, offset}} where there are any, and one of
 * <ul>
 * <li>{@code raw}: true when the record is only what a source has read, of which it could make no record,</li>
 * <li>{@code event}: the record, a CloudEvent in the standard's JSON format,</li>
 * <li>{@code record {attributes, contenttype, time, data}}: a record that can't be a CloudEvent, its data in base64,</li>
 * <li>{@code body}: what the mesh pushed and nobody could read, in base64.</li>
 * </ul>
 */
final class DeadLetterJson {

    /** Lines hold events that other limits have let through. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(4000).maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    private DeadLetterJson() {}

    /** The letter as a line, with its line break. */
    static byte[] write(String id, DeadLetter letter) throws IOException {
        byte[] event = event(letter.record());
        try {
            return write(id, letter, event, event == null && letter.record() != null);
        } catch (JsonGenerationException noText) {
            // half a surrogate pair somewhere: as an escape it survives
            return write(id, letter, event, true);
        }
    }

    private static byte[] event(ConnectorRecord record) {
        try {
            return record == null ? null : StructuredJson.write(record);
        } catch (EventFormatException noCloudEvent) {
            return null;
        }
    }

    private static byte[] write(String id, DeadLetter letter, byte[] event, boolean ascii) throws IOException {
        ByteArrayBuilder out = new ByteArrayBuilder(event == null ? 2000 : event.length + 1000);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.configure(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature(), ascii);
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("time", letter.time().toString());
            json.writeStringField("worker", letter.worker());
            json.writeStringField("connector", letter.connector());
            json.writeObjectFieldStart("error");
            json.writeStringField("class", letter.errorClass());
            json.writeStringField("message", letter.reason());
            json.writeEndObject();
            json.writeNumberField("attempts", letter.attempts());
            if (letter.record() != null && letter.record().topic() != null) {
                json.writeStringField("topic", letter.record().topic());
            }
            if (letter.raw()) {
                json.writeBooleanField("raw", true);
            }
            if (letter.position() != null) {
                json.writeObjectFieldStart("position");
                values(json, "partition", letter.position().partition());
                values(json, "offset", letter.position().offset());
                json.writeEndObject();
            }
            if (event != null) {
                json.writeFieldName("event");
                json.writeRawValue(new String(event, StandardCharsets.UTF_8));
            } else if (letter.record() != null) {
                record(json, letter.record());
            } else {
                json.writeBinaryField("body", letter.body());
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return out.toByteArray();
    }

    private static void record(JsonGenerator json, ConnectorRecord record) throws IOException {
        json.writeObjectFieldStart("record");
        values(json, "attributes", record.attributes());
        if (record.contentType() != null) {
            json.writeStringField("contenttype", record.contentType());
        }
        if (record.timestamp() != null) {
            json.writeStringField("time", record.timestamp().toString());
        }
        if (record.data() != null) {
            json.writeBinaryField("data", record.data());
        }
        json.writeEndObject();
    }

    private static void values(JsonGenerator json, String field, Map<String, Object> values) throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            json.writeFieldName(entry.getKey());
            if (entry.getValue() instanceof Number number) {
                json.writeNumber(number.longValue());
            } else if (entry.getValue() instanceof Boolean truth) {
                json.writeBoolean(truth);
            } else {
                json.writeString(entry.getValue().toString());
            }
        }
        json.writeEndObject();
    }

    /**
     * Reads a line.
     *
     * @throws IOException when it is no dead letter
     */
    static DeadLetterEntry read(byte[] line) throws IOException {
        var entry = new DeadLetterEntry.Builder(line);
        try (JsonParser json = FACTORY.createParser(line)) {
            expect(json, json.nextToken(), JsonToken.START_OBJECT);
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken token = json.nextToken();
                switch (field) {
                    case "id" -> entry.id = json.getText();
                    case "time" -> entry.time = time(json);
                    case "worker" -> entry.worker = json.getText();
                    case "connector" -> entry.connector = json.getText();
                    case "error" -> error(json, entry);
                    case "attempts" -> entry.attempts = json.getIntValue();
                    case "topic" -> entry.topic = json.getText();
                    case "raw" -> entry.raw = json.getBooleanValue();
                    case "position" -> entry.position = position(json);
                    case "event" -> {
                        expect(json, token, JsonToken.START_OBJECT);
                        entry.eventStart = (int) json.currentTokenLocation().getByteOffset();
                        json.skipChildren();
                        entry.eventEnd = (int) json.currentLocation().getByteOffset();
                    }
                    case "record" -> entry.record = record(json);
                    case "body" -> entry.body = json.getBinaryValue();
                    default -> json.skipChildren();
                }
            }
            expect(json, json.currentToken(), JsonToken.END_OBJECT);
            expect(json, json.nextToken(), null);
        }
        return entry.build();
    }

    private static void error(JsonParser json, DeadLetterEntry.Builder entry) throws IOException {
        for (Map.Entry<String, Object> field : scalars(json, true).entrySet()) {
            switch (field.getKey()) {
                case "class" -> entry.errorClass = field.getValue().toString();
                case "message" -> entry.error = field.getValue().toString();
                default -> {
                    // of a later version
                }
            }
        }
    }

    private static Position position(JsonParser json) throws IOException {
        Map<String, Object> partition = Map.of();
        Map<String, Object> offset = Map.of();
        expect(json, json.currentToken(), JsonToken.START_OBJECT);
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            switch (field) {
                case "partition" -> partition = scalars(json, true);
                case "offset" -> offset = scalars(json, true);
                default -> json.skipChildren();
            }
        }
        return new Position(partition, offset);
    }

    private static ConnectorRecord record(JsonParser json) throws IOException {
        ConnectorRecord.Builder<?> record = ConnectorRecord.builder();
        expect(json, json.currentToken(), JsonToken.START_OBJECT);
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            switch (field) {
                case "attributes" -> record.attributes(scalars(json, false));
                case "contenttype" -> record.contentType(json.getText());
                case "time" -> record.timestamp(time(json));
                case "data" -> record.data(json.getBinaryValue());
                default -> json.skipChildren();
            }
        }
        return record.build();
    }

    /** @param wide whether whole numbers are longs, as in positions, and not integers, as in attributes */
    private static Map<String, Object> scalars(JsonParser json, boolean wide) throws IOException {
        expect(json, json.currentToken(), JsonToken.START_OBJECT);
        Map<String, Object> values = new LinkedHashMap<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken token = json.nextToken();
            Object value = switch (token) {
                case VALUE_STRING -> json.getText();
                case VALUE_TRUE -> Boolean.TRUE;
                case VALUE_FALSE -> Boolean.FALSE;
                case VALUE_NUMBER_INT -> wide ? (Object) json.getLongValue() : (Object) json.getIntValue();
                default -> throw new JsonParseException(json, "'" + name + "' is not a string, whole number or boolean");
            };
            values.put(name, value);
        }
        return values;
    }

    private static Instant time(JsonParser json) throws IOException {
        try {
            return Instant.parse(json.getText());
        } catch (DateTimeException e) {
            throw new JsonParseException(json, "this is no time: " + json.getText());
        }
    }

    private static void expect(JsonParser json, JsonToken actual, JsonToken expected) throws IOException {
        if (actual != expected) {
            throw new JsonParseException(json, "expected " + expected + ", not " + actual);
        }
    }

}
