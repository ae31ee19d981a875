package dev.emc.http.server;

import java.net.http.HttpHeaders;
import java.util.Locale;

/**
 * A request without its body.
 *
 * @param path as it was sent, still percent-encoded, without query
 * @param query without the question mark, as it was sent; null when there is none
 */
public record RequestHead(String method, String path, String query, HttpHeaders headers) {

    /** The first value of a header; null when there is none. */
    public String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    /** The media type of the body in lower case, without parameters; null when the request doesn't say. */
    public String mediaType() {
        String type = header("Content-Type");
        return type == null ? null : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
