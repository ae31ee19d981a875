package dev.emc.jdbc;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;

import dev.emc.api.PermanentException;
import dev.emc.kit.JsonText;

/**
 * An object or array of a payload, as it is written. Its elements are, read on demand: strings, {@link Long},
 * {@link BigInteger} and {@link BigDecimal}, booleans, {@link #NULL} and further {@code Json}s.
 *
 * @param bytes one JSON object or array in UTF-8
 */
record Json(byte[] bytes) {

    /** JSON's null, which is not the same as nothing. */
    static final Object NULL = new Object() {

        @Override
        public String toString() {
            return "null";
        }
    };

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(900).maxStringLength(Integer.MAX_VALUE).build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    boolean isArray() {
        return bytes[0] == '[';
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * What a payload is.
     *
     * @param id of the event, for messages
     * @return a value as above; null for an empty payload
     * @throws PermanentException when it isn't one JSON value in UTF-8
     */
    static Object read(byte[] payload, String id) throws PermanentException {
        try (JsonParser parser = FACTORY.createParser(payload)) {
            if (parser.nextToken() == null) {
                return null;
            }
            Object value = value(parser, payload);
            if (parser.nextToken() != null) {
                throw new PermanentException("The payload of event '" + id + "' is more than one JSON value.");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new PermanentException("The payload of event '" + id + "' is not JSON: it can't be read at byte "
                    + (e.getLocation() == null ? 0 : e.getLocation().getByteOffset())
                    + "; connector.fields: none with connector.columns writes payloads of any kind.", e);
        } catch (IOException e) {
            throw new PermanentException("The payload of event '" + id + "' is not JSON.", e);
        }
    }

    /** The fields of an object, in their order; of equal names the last one counts. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            parser.nextToken();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                fields.put(name, value(parser, bytes));
            }
            return fields;
        } catch (IOException e) {
            throw new IllegalStateException("was read before", e);
        }
    }

    /** The elements of an array. */
    List<Object> elements() {
        List<Object> elements = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(parser, bytes));
            }
            return elements;
        } catch (IOException e) {
            throw new IllegalStateException("was read before", e);
        }
    }

    /** What a pointer leads to; null when there is nothing. */
    Object at(JsonPointer pointer, String id) throws PermanentException {
        if (pointer.matches()) {
            return this;
        }
        byte[] part = JsonText.at(pointer, bytes, id);
        return part == null ? null : read(part, id);
    }

    private static Object value(JsonParser parser, byte[] all) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? parser.getBigIntegerValue()
                    : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> NULL;
            default -> new Json(nested(parser, all));
        };
    }

    private static byte[] nested(JsonParser parser, byte[] all) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        if (start < 0) {
            throw new IOException("not UTF-8");
        }
        parser.skipChildren();
        int end = (int) parser.currentLocation().getByteOffset();
        return start == 0 && end == all.length ? all : java.util.Arrays.copyOfRange(all, start, end);
    }

    /** A value as JSON text. */
    static String text(Object value) {
        if (value instanceof Json json) {
            return json.text();
        }
        if (value instanceof Number || value instanceof Boolean || value == NULL) {
            return value.toString();
        }
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(value.toString())) + '"';
    }

    /** An object of these fields, as JSON text. */
    static String object(Map<String, Object> fields) {
        StringBuilder json = new StringBuilder("{");
        fields.forEach((name, value) -> json.append(json.length() == 1 ? "" : ",").append(text(name)).append(':')
                .append(text(value)));
        return json.append('}').toString();
    }
}
