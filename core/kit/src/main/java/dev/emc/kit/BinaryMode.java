package dev.emc.kit;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

import dev.emc.api.ConnectorRecord;
import dev.emc.wire.EventFormatException;

/**
 * CloudEvents whose attributes travel as headers beside the payload ("binary mode" of the protocol bindings of CloudEvents
 * 1.0). The content type is a header of the protocol's own, and left to the connector.
 */
public final class BinaryMode {

    /** Of Kafka: {@code ce_id}, values in UTF-8 as they are. */
    public static final BinaryMode KAFKA = new BinaryMode("ce_", false);
    /** Of HTTP: {@code ce-id}, values percent-encoded. */
    public static final BinaryMode HTTP = new BinaryMode("ce-", true);

    private static final String VERSION = "specversion";
    private static final String[] REQUIRED = {"id", "source", "type"};
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private final String prefix;
    private final boolean percent;

    /**
     * @param prefix of the headers' names, in small letters
     * @param percent whether values are percent-encoded as the HTTP binding says
     */
    public BinaryMode(String prefix, boolean percent) {
        this.prefix = prefix;
        this.percent = percent;
    }

    /** The header that tells that a message is an event. */
    public String marker() {
        return prefix + VERSION;
    }

    /** Whether a header is one of these, in any case of letters. */
    public boolean owns(String header) {
        return header.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /** Writes the attributes of an event, its time and the version of the standard. */
    public void write(ConnectorRecord event, BiConsumer<String, String> headers) {
        headers.accept(marker(), "1.0");
        event.attributes().forEach((name, value) -> headers.accept(prefix + name, encode(value.toString())));
        if (event.timestamp() != null) {
            headers.accept(prefix + "time", event.timestamp().toString());
        }
    }

    /**
     * Reads the attributes and the time of an event into a builder. Headers that aren't of an event are left alone.
     *
     * @param headers all of a message; names in any case
     * @return the builder
     * @throws EventFormatException when they aren't those of a CloudEvent 1.0
     */
    public <B extends ConnectorRecord.Builder<?>> B fill(Iterable<? extends Map.Entry<String, String>> headers, B builder)
            throws EventFormatException {
        Map<String, String> attributes = new HashMap<>();
        for (Map.Entry<String, String> header : headers) {
            if (owns(header.getKey())) {
                String name = header.getKey().substring(prefix.length()).toLowerCase(Locale.ROOT);
                if (attributes.put(name, decode(header.getValue(), name)) != null) {
                    throw new EventFormatException("The header " + prefix + name + " is there twice.", null);
                }
            }
        }
        String version = attributes.remove(VERSION);
        if (version == null || !version.equals("1.0")) {
            throw new EventFormatException(version == null || version.isEmpty()
                    ? "There is no header " + marker() + ", or it is empty."
                    : "CloudEvents " + version + " is none of the versions that emc knows; it knows 1.0.", null);
        }
        for (String required : REQUIRED) {
            if (attributes.getOrDefault(required, "").isEmpty()) {
                throw new EventFormatException("The event has no " + required + ": the header " + prefix + required
                        + " is missing or empty.", null);
            }
        }
        time(attributes.remove("time"), builder);
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            set(builder, attribute.getKey(), attribute.getValue());
        }
        return builder;
    }

    private void time(String time, ConnectorRecord.Builder<?> builder) throws EventFormatException {
        if (time != null) {
            try {
                builder.timestamp(OffsetDateTime.parse(time).toInstant());
            } catch (DateTimeException wrong) {
                throw new EventFormatException("The header " + prefix + "time is no time as RFC 3339 writes it.", wrong);
            }
        }
    }

    private void set(ConnectorRecord.Builder<?> builder, String name, String value) throws EventFormatException {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                throw new EventFormatException("The header " + prefix + name + " is no attribute of an event: names have only"
                        + " letters and digits.", null);
            }
        }
        if (name.isEmpty() || name.equals("data") || name.equals("datacontenttype")) {
            throw new EventFormatException("The header " + prefix + name + " is no attribute of an event.", null);
        }
        builder.attribute(name, value);
    }

    private String encode(String value) {
        if (!percent) {
            return value;
        }
        StringBuilder encoded = new StringBuilder(value.length());
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '"' && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX[b >> 4 & 15]).append(HEX[b & 15]);
            }
        }
        return encoded.toString();
    }

    /** The text in a quoted string, which older versions of the HTTP binding let senders write; other values as they are. */
    private static String unquoted(String value) {
        int last = value.length() - 1;
        if (last < 1 || value.charAt(0) != '"' || value.charAt(last) != '"') {
            return value;
        }
        StringBuilder text = new StringBuilder(last);
        for (int i = 1; i < last; i++) {
            if (value.charAt(i) == '\\' && i + 1 < last) {
                i++;
            }
            text.append(value.charAt(i));
        }
        return text.toString();
    }

    /** A percent sign that no two hexadecimal digits follow is itself, as the HTTP binding wants it. */
    private String decode(String header, String name) throws EventFormatException {
        if (!percent) {
            return header;
        }
        String value = unquoted(header);
        if (value.indexOf('%') < 0) {
            return value;
        }
        byte[] raw = value.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[raw.length];
        int length = 0;
        for (int i = 0; i < raw.length; i++) {
            int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
            if (raw[i] == '%' && high >= 0 && low >= 0) {
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[length++] = raw[i];
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
        } catch (CharacterCodingException wrong) {
            throw new EventFormatException("The header " + prefix + name + " isn't UTF-8.", wrong);
        }
    }
}
