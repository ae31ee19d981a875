package dev.emc.http.events;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.emc.api.ConnectorRecord;
import dev.emc.kit.BinaryMode;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** The HTTP binding of CloudEvents 1.0, both ways. */
public final class HttpEvents {

    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final String UTF8 = "; charset=UTF-8";
    private static final Pattern CHARSET = Pattern.compile("(?i)(?:^|;)\\s*charset\\s*=\\s*\"?([^\";\\s]*)");
    private static final JsonFactory JSON = new JsonFactory();

    /** How events stand in a message. */
    public enum Mode {
        /** Attributes in headers, the payload as body. */
        BINARY,
        /** All of the event in the body. */
        STRUCTURED,
        /** Several events in the body. */
        BATCH
    }

    /** Headers and body. */
    public record Message(Map<String, String> headers, byte[] body) {}

    private HttpEvents() {}

    /**
     * An event as a message.
     *
     * @param mode not {@link Mode#BATCH}
     * @throws EventFormatException when the record can't be an event
     */
    public static Message write(ConnectorRecord event, Mode mode) throws EventFormatException {
        Map<String, String> headers = new LinkedHashMap<>();
        if (mode == Mode.STRUCTURED) {
            headers.put("Content-Type", STRUCTURED + UTF8);
            return new Message(headers, StructuredJson.write(event));
        }
        BinaryMode.HTTP.write(event, headers::put);
        if (event.contentType() != null && event.data() != null) {
            headers.put("Content-Type", event.contentType());
        }
        return new Message(headers, event.data() == null ? new byte[0] : event.data());
    }

    /** Events, each as {@link StructuredJson} writes it, as one message. */
    public static Message batch(List<byte[]> events) {
        int size = 2;
        for (byte[] event : events) {
            size += event.length + 1;
        }
        byte[] body = new byte[events.isEmpty() ? 2 : size - 1];
        int at = 0;
        body[at++] = '[';
        for (byte[] event : events) {
            if (at > 1) {
                body[at++] = ',';
            }
            System.arraycopy(event, 0, body, at, event.length);
            at += event.length;
        }
        body[at] = ']';
        return new Message(Map.of("Content-Type", BATCH + UTF8), body);
    }

    /**
     * How events stand in a message with these headers; null when there are none.
     *
     * @throws EventFormatException when they stand in a way that isn't known here, such as another format than JSON
     */
    public static Mode mode(HttpHeaders headers) throws EventFormatException {
        String[] parts = headers.firstValue("Content-Type").orElse("").split(";", 2);
        String type = parts[0].strip().toLowerCase(Locale.ROOT);
        if (type.startsWith("application/cloudevents-batch")) {
            return json(parts, BATCH, Mode.BATCH);
        }
        if (type.startsWith("application/cloudevents")) {
            return json(parts, STRUCTURED, Mode.STRUCTURED);
        }
        return headers.firstValue(BinaryMode.HTTP.marker()).isPresent() ? Mode.BINARY : null;
    }

    /** @param parts a media type and its parameters */
    private static Mode json(String[] parts, String known, Mode mode) throws EventFormatException {
        String type = parts[0].strip().toLowerCase(Locale.ROOT);
        Matcher charset = CHARSET.matcher(parts.length > 1 ? parts[1] : "");
        if (charset.find() && !charset.group(1).matches("(?i)utf-?8|us-ascii")) {
            throw new EventFormatException("Events in JSON are read in UTF-8 only.", null);
        }
        if (!type.equals(known)) {
            throw new EventFormatException("Events of the type " + type + " can't be read: only " + STRUCTURED + " and " + BATCH
                    + ".", null);
        }
        return mode;
    }

    /**
     * Reads the events of a message.
     *
     * @param mode as {@link #mode} tells
     * @param builder makes a builder for each event
     * @return the builders, filled
     * @throws EventFormatException when any of them is no event
     */
    public static <B extends ConnectorRecord.Builder<?>> List<B> read(Mode mode, HttpHeaders headers, byte[] body,
            Supplier<B> builder) throws EventFormatException {
        return switch (mode) {
            case BINARY -> List.of(binary(headers, body, builder.get()));
            case STRUCTURED -> List.of(StructuredJson.fill(body, 0, body.length, builder.get()));
            case BATCH -> batch(body, builder);
        };
    }

    private static <B extends ConnectorRecord.Builder<?>> B binary(HttpHeaders headers, byte[] body, B builder)
            throws EventFormatException {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        headers.map().forEach((name, values) -> values.forEach(value -> pairs.add(Map.entry(name, value))));
        BinaryMode.HTTP.fill(pairs, builder);
        String type = headers.firstValue("Content-Type").orElse(null);
        // HTTP has no other way to tell an empty payload from none
        builder.contentType(type).data(body.length == 0 && type == null ? null : body);
        return builder;
    }

    private static <B extends ConnectorRecord.Builder<?>> List<B> batch(byte[] body, Supplier<B> builder)
            throws EventFormatException {
        List<B> events = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new EventFormatException("A batch of events is a JSON array.", null);
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw new EventFormatException("Each event of a batch is a JSON object.", null);
                }
                int start = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                if (start < 0) {
                    throw new EventFormatException("A batch of events is in UTF-8.", null);
                }
                int end = (int) parser.currentLocation().getByteOffset();
                events.add(StructuredJson.fill(body, start, end - start, builder.get()));
            }
            if (parser.nextToken() != null) {
                throw new EventFormatException("There is something after the batch of events.", null);
            }
        } catch (IOException e) {
            throw new EventFormatException("The batch of events is no JSON.", e);
        }
        return events;
    }
}
