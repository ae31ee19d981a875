package dev.emc.http.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * What a caller gets.
 *
 * @param headers by their names, without those that frame the message
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {

    private static final byte[] NOTHING = new byte[0];

    /** An answer without a body. */
    public static Answer empty(int status) {
        return new Answer(status, Map.of(), NOTHING);
    }

    /** An answer with text. */
    public static Answer text(int status, String type, String text) {
        return new Answer(status, Map.of("Content-Type", type), text.getBytes(StandardCharsets.UTF_8));
    }

    /** A failure: one line of JSON as RFC 9457 has it. @param detail a sentence for the caller, without secrets */
    public static Answer problem(int status, String detail) {
        return text(status, "application/problem+json",
                "{\"status\":" + status + ",\"detail\":\"" + quoted(detail) + "\"}\n");
    }

    /** As {@link #problem}, and when the caller may come again. */
    public static Answer later(int status, String detail, Duration after) {
        return problem(status, detail).with("Retry-After", Long.toString(Math.max(1, after.toSeconds())));
    }

    /** The text as it stands within the quotes of a JSON string. */
    public static String quoted(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    /** The same with another header. */
    public Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body);
    }
}
