package dev.emc.http.client;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An answer.
 *
 * @param body as much of it as the settings allow
 * @param truncated whether there was more
 */
public record Response(int status, HttpHeaders headers, byte[] body, boolean truncated) {

    /** Whether the request was taken. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The first value of a header; null when there is none. */
    public String header(String name) {
        List<String> values = headers.allValues(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
