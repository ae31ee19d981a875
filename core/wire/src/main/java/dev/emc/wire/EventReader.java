package dev.emc.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

/**
 * A CloudEvent in JSON, read but for its data, which stays where it is until somebody asks. One that is {@link #release released}
 * can read the next event.
 */
final class EventReader {

    private static final String[] REQUIRED = {"id", "source", "type"};
    /** Names that are looked for in each event: as the same object they are found at once. */
    private static final Map<String, String> USUAL = Stream
            .of("id", "source", "type", "subject", "dataschema", "emcdata", "emctype", "emcsubject", "emcext")
            .collect(Collectors.toUnmodifiableMap(name -> name, name -> name));

    /** So many bytes of a name or a value are compared with the last event's at the most. */
    private static final int REMEMBERED = 128;

    private final PlainJson plain = new PlainJson();
    private final Member[] members = new Member[16];
    private byte[] json;
    private int offset;
    private int limit;

    /** All attributes except for {@code specversion}, {@code datacontenttype} and {@code time}. */
    final Attributes attributes = new Attributes();
    String contentType;
    Instant time;
    private String version;

    /** Where the value of {@code data} or {@code data_base64} begins and ends; -1 when there is none. */
    private int start = -1;
    private int end = -1;
    private boolean base64;
    /** Whether the value is a string that is known to have no escapes. */
    private boolean literal;

    /**
     * What stood at a place of the last event that was read, as it was written and as it was read: mostly the next event has the
     * same there.
     */
    private static final class Member {

        byte[] name = Frame.NO_BODY;
        String nameText;
        byte[] value = Frame.NO_BODY;
        String valueText;
    }

    static EventReader read(byte[] json, int offset, int length) throws EventFormatException {
        EventReader event = new EventReader();
        event.load(json, offset, length);
        return event;
    }

    /** Reads an event. */
    void load(byte[] event, int from, int length) throws EventFormatException {
        json = event;
        offset = from;
        limit = from + length;
        if (!plain()) {
            parse(length);
        }
        if (!"1.0".equals(version)) {
            throw new EventFormatException("This is no CloudEvent 1.0: its 'specversion' "
                    + (version == null ? "is missing." : "is '" + version + "'."), null);
        }
        for (String name : REQUIRED) {
            Object value = attributes.get(name);
            if (value == null || value.toString().isEmpty()) {
                throw new EventFormatException("This is no CloudEvent: its '" + name + "' is missing.", null);
            }
        }
    }

    /** Lets go of the event. */
    void release() {
        json = null;
        plain.reset(Frame.NO_BODY, 0, 0);
        clear();
    }

    private void clear() {
        attributes.clear();
        version = null;
        contentType = null;
        time = null;
        start = -1;
        end = -1;
        base64 = false;
        literal = false;
    }

    /** Reads an event as programs write it, with its data in a string; false when it is of another form. */
    private boolean plain() throws EventFormatException {
        plain.reset(json, offset, limit);
        if (!plain.next('{')) {
            return false;
        }
        int place = 0;
        do {
            Member last = member(place++);
            String name = name(last);
            if (name == null || !plain(name, last)) {
                return false;
            }
        } while (plain.next(','));
        return plain.next('}') && plain.atEnd();
    }

    private boolean plain(String name, Member last) throws EventFormatException {
        switch (name) {
            case "data", "data_base64" -> {
                if (!plain.anyString()) {
                    return false;
                }
                base64 = name.equals("data_base64");
                start = plain.start() - 1;
                end = plain.end() + 1;
                literal = !plain.escaped();
                return true;
            }
            case "id" -> {
                return plain.string() && put(name, plain.text());
            }
            case "time" -> {
                if (!plain.string()) {
                    return false;
                }
                time = time(plain.text());
                return true;
            }
            case "specversion" -> {
                version = value(last);
                return version != null;
            }
            case "datacontenttype" -> {
                contentType = value(last);
                return contentType != null;
            }
            case "source", "type", "subject", "dataschema" -> {
                return put(name, value(last));
            }
            default -> {
                return extension(name, last);
            }
        }
    }

    private boolean extension(String name, Member last) {
        switch (plain.peek()) {
            case '"' -> {
                if (name.startsWith("emc")) {
                    return put(name, value(last));
                }
                return plain.string() && put(name, plain.text());
            }
            case 't', 'f' -> {
                boolean truth = plain.word("true");
                attributes.put(name, truth);
                return truth || plain.word("false");
            }
            default -> {
                int number = plain.number();
                attributes.put(name, number);
                return number >= 0;
            }
        }
    }

    private Member member(int place) {
        if (place >= members.length) {
            return new Member();
        }
        if (members[place] == null) {
            members[place] = new Member();
        }
        return members[place];
    }

    /** The name of a member and the colon behind it; null when it is of another form. */
    private String name(Member last) {
        if (last.name.length > 0 && plain.word(last.name)) {
            return last.nameText;
        }
        int begin = plain.at();
        if (!plain.string()) {
            return null;
        }
        String text = plain.sharedText();
        if (!plain.next(':')) {
            return null;
        }
        if (plain.at() - begin <= REMEMBERED) {
            last.name = Arrays.copyOfRange(json, begin, plain.at());
            last.nameText = USUAL.getOrDefault(text, text);
        }
        return text;
    }

    /** A string that is the same in most events; null when it is of another form. */
    private String value(Member last) {
        if (last.value.length > 0 && plain.word(last.value)) {
            return last.valueText;
        }
        int begin = plain.at();
        if (!plain.string()) {
            return null;
        }
        String text = plain.sharedText();
        if (plain.at() - begin <= REMEMBERED) {
            last.value = Arrays.copyOfRange(json, begin, plain.at());
            last.valueText = text;
        }
        return text;
    }

    private void parse(int length) throws EventFormatException {
        clear();
        try (JsonParser parser = Json.FACTORY.createParser(json, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new EventFormatException("This is no CloudEvent: it is not a JSON object.", null);
            }
            if (parser.currentTokenLocation().getByteOffset() < 0) { // the parser also reads UTF-16, but can't tell where
                throw new EventFormatException("This is no CloudEvent: it is not in UTF-8.", null);
            }
            fields(parser);
            if (parser.nextToken() != null) {
                throw new EventFormatException("This is no CloudEvent: something follows the JSON object.", null);
            }
        } catch (JsonProcessingException e) {
            throw new EventFormatException("This is no CloudEvent: it is not valid JSON at byte "
                    + (e.getLocation() == null ? 0 : e.getLocation().getByteOffset()) + ".", e);
        } catch (IOException e) {
            throw new EventFormatException("This is no CloudEvent: it is not valid JSON.", e);
        }
    }

    private void fields(JsonParser parser) throws IOException, EventFormatException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "data" -> data(parser, token, false);
                case "data_base64" -> data(parser, token, true);
                case "specversion" -> version = text(parser, token);
                case "datacontenttype" -> contentType = text(parser, token);
                case "time" -> time = time(text(parser, token));
                case "id", "source", "type", "subject", "dataschema" -> put(name, text(parser, token));
                default -> put(name, switch (token) {
                    case VALUE_TRUE -> Boolean.TRUE;
                    case VALUE_FALSE -> Boolean.FALSE;
                    case VALUE_NUMBER_INT -> parser.getNumberType() == JsonParser.NumberType.INT
                            ? (Object) parser.getIntValue()
                            : parser.getText();
                    default -> text(parser, token);
                });
            }
        }
    }

    private boolean put(String name, Object value) {
        if (value != null) {
            attributes.put(name, value);
        }
        return value != null;
    }

    /** A scalar as text, an object or array as its JSON, null as null. */
    private String text(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token.isScalarValue()) {
            return parser.getText();
        }
        int from = position(parser.currentTokenLocation().getByteOffset());
        parser.skipChildren();
        int to = position(parser.currentLocation().getByteOffset());
        return new String(json, from, to - from, StandardCharsets.UTF_8);
    }

    private void data(JsonParser parser, JsonToken token, boolean isBase64) throws IOException, EventFormatException {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (isBase64 && token != JsonToken.VALUE_STRING) {
            throw new EventFormatException("The data_base64 of an event is a string.", null);
        }
        base64 = isBase64;
        start = position(parser.currentTokenLocation().getByteOffset());
        if (token == JsonToken.VALUE_STRING) {
            // without decoding it: the parser checks it on its way to the next token
            end = start + 1;
            while (end < limit && json[end] != '"') {
                end += json[end] == '\\' ? 2 : 1;
            }
            if (end >= limit) {
                parser.finishToken(); // fails, and tells where
            }
            end++;
            return;
        }
        parser.skipChildren();
        end = position(parser.currentLocation().getByteOffset());
        while (end > start && isSpace(json[end - 1])) {
            end--;
        }
    }

    private int position(long byteOffset) {
        return offset + (int) byteOffset;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    private static Instant time(String text) throws EventFormatException {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new EventFormatException("The time of an event is no RFC 3339 date and time: '" + text + "'.", e);
        }
    }

    String subject() {
        Object subject = attributes.get("subject");
        return subject == null ? null : subject.toString();
    }

    /** Characters of the data's JSON value; 0 when there is none. */
    int dataLength() {
        return start < 0 ? 0 : new String(json, start, end - start, StandardCharsets.UTF_8).length();
    }

    /** What the data's JSON string says, in UTF-8; an empty array when there is no data or no string. */
    byte[] string() {
        if (literal) {
            return Arrays.copyOfRange(json, start + 1, end - 1);
        }
        return start < 0 || json[start] != '"' ? Frame.NO_BODY : Utf8.unescape(json, start + 1, end - 1);
    }

    /** The payload by the rules of CloudEvents' JSON format; null when there is none. */
    byte[] data() throws EventFormatException {
        if (start < 0) {
            return null;
        }
        if (base64) {
            try {
                return Base64.getDecoder().decode(string());
            } catch (IllegalArgumentException e) {
                throw new EventFormatException("The data_base64 of event '" + attributes.get("id") + "' is not base64.", e);
            }
        }
        if (json[start] == '"' && !StructuredJson.isJson(contentType)) {
            return string();
        }
        return Arrays.copyOfRange(json, start, end);
    }
}
