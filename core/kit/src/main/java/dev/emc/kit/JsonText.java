package dev.emc.kit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;

import dev.emc.api.PermanentException;
import dev.emc.wire.StructuredJson;

/** Payloads as JSON text. Values that are JSON already stay byte by byte what they are. */
public final class JsonText {

    public static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(900).build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    private final byte[] data;
    private final JsonParser parser;
    private int start = -1;
    private int end = -1;

    private JsonText(byte[] data, JsonParser parser) {
        this.data = data;
        this.parser = parser;
    }

    /**
     * A payload as a JSON value: JSON as it is, other text as a string, other bytes in base64 as a string. A payload of an
     * unknown type is JSON when it can be read as such.
     *
     * @param contentType null when unknown
     * @param id of the event, for messages
     * @throws PermanentException when it should be JSON by its type, and isn't
     */
    public static byte[] of(byte[] data, String contentType, String id) throws PermanentException {
        if (contentType == null || StructuredJson.isJsonType(contentType)) {
            try {
                return at(JsonPointer.empty(), data, id);
            } catch (PermanentException e) {
                if (contentType != null) {
                    throw e;
                }
            }
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString();
        } catch (CharacterCodingException binary) {
            text = Base64.getEncoder().encodeToString(data);
        }
        return ('"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"').getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The part of a JSON payload that a pointer leads to. Of equal names in one object the last one counts, as almost
     * everywhere.
     *
     * @return null when there is nothing; the array itself when it is that part and nothing else
     * @throws PermanentException when the payload is not one JSON value in UTF-8
     */
    public static byte[] at(JsonPointer pointer, byte[] data, String id) throws PermanentException {
        try (JsonParser parser = FACTORY.createParser(data)) {
            JsonText text = new JsonText(data, parser);
            if (parser.nextToken() == null) {
                throw new PermanentException("The payload of event '" + id + "' is not JSON: it is empty.");
            }
            text.find(pointer);
            if (parser.nextToken() != null) {
                throw new PermanentException("The payload of event '" + id + "' is more than one JSON value.");
            }
            return text.start < 0 ? null : text.part();
        } catch (JsonProcessingException e) {
            throw new PermanentException("The payload of event '" + id + "' is not JSON: it can't be read at byte "
                    + (e.getLocation() == null ? 0 : e.getLocation().getByteOffset()) + ".", e);
        } catch (IOException e) {
            throw new PermanentException("The payload of event '" + id + "' is not JSON.", e);
        }
    }

    /**
     * The text of what a pointer leads to in a JSON payload: a string without its quotes, anything else as it is written.
     *
     * @return null when there is nothing, or JSON's null
     * @throws PermanentException when the payload is not one JSON value in UTF-8
     */
    public static String textAt(JsonPointer pointer, byte[] data, String id) throws PermanentException {
        byte[] value = at(pointer, data, id);
        if (value == null || Arrays.equals(value, NULL)) {
            return null;
        }
        if (value[0] != '"') {
            return new String(value, StandardCharsets.UTF_8);
        }
        try (JsonParser parser = FACTORY.createParser(value)) {
            parser.nextToken();
            return parser.getText();
        } catch (IOException e) {
            throw new PermanentException("The payload of event '" + id + "' is not JSON.", e);
        }
    }

    /** Notes where the value is that a pointer leads to from the current one, and goes to the end of the current one. */
    private void find(JsonPointer pointer) throws IOException {
        if (pointer.matches()) {
            note();
        } else if (parser.currentToken() == JsonToken.START_OBJECT) {
            String wanted = pointer.getMatchingProperty();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (name.equals(wanted)) {
                    start = -1;
                    find(pointer.tail());
                } else {
                    parser.skipChildren();
                }
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                if (i == pointer.getMatchingIndex()) {
                    find(pointer.tail());
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    private void note() throws IOException {
        start = (int) parser.currentTokenLocation().getByteOffset();
        if (start < 0) {
            throw new IOException("not UTF-8");
        }
        parser.finishToken();
        parser.skipChildren();
        end = (int) parser.currentLocation().getByteOffset();
        while (data[end - 1] <= ' ' && data[end - 1] >= 0) {
            end--; // the parser looks one further at the end of a number
        }
    }

    private byte[] part() {
        return start == 0 && end == data.length ? data : Arrays.copyOfRange(data, start, end);
    }
}
