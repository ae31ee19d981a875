package dev.emc.http.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A request to be sent. Immutable; the body is shared and must not be changed. */
public final class Request {

    /** Those that say how a message is framed are the client's own affair. */
    private static final Set<String> FRAMING = Set.of("connection", "content-length", "expect", "host", "http2-settings",
            "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");
    private static final byte[] NOTHING = new byte[0];

    private final String method;
    private final URI uri;
    private final Map<String, String> headers;
    private final byte[] body;
    private final String label;

    private Request(Builder builder) {
        this.method = builder.method;
        this.uri = builder.uri;
        this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(builder.headers));
        this.body = builder.body;
        this.label = builder.label;
    }

    /** A request without headers and body. */
    public static Builder of(String method, URI uri) {
        return new Builder(method, uri);
    }

    /** Whether a header of this name can be set: those that frame a message can't. */
    public static boolean isSettable(String header) {
        return !FRAMING.contains(header.toLowerCase(Locale.ROOT));
    }

    /** Whether this may stand as a header's name. */
    public static boolean isHeaderName(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }

    /**
     * Whether this may stand as a header's value: nothing in it that would begin another header, and only what the JDK's client
     * doesn't send as question marks.
     */
    public static boolean isHeaderValue(String value) {
        return value.chars().allMatch(c -> c == '\t' || c >= ' ' && c < 0x7f);
    }

    public String method() {
        return method;
    }

    public URI uri() {
        return uri;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /** The value of a header, whatever the case of its name; null when there is none. */
    public String header(String name) {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue();
            }
        }
        return null;
    }

    /** The body; empty when there is none. */
    public byte[] body() {
        return body;
    }

    /** What stands for the request in messages: method and URL without query, or what was set. */
    public String label() {
        return label != null ? label : method + " " + withoutSecrets(uri);
    }

    /** A URL as it may be shown: queries and user parts hold tokens. */
    public static String withoutSecrets(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + (uri.getRawPath() == null ? "" : uri.getRawPath());
    }

    /** A builder with all that this request has. */
    public Builder toBuilder() {
        Builder builder = new Builder(method, uri).body(body).label(label);
        builder.headers.putAll(headers);
        return builder;
    }

    /** Builds a request. */
    public static final class Builder {

        private final String method;
        private URI uri;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private byte[] body = NOTHING;
        private String label;

        private Builder(String method, URI uri) {
            this.method = method;
            this.uri = uri;
        }

        public Builder uri(URI uri) {
            this.uri = uri;
            return this;
        }

        /**
         * Sets a header in place of one of that name.
         *
         * @throws IllegalArgumentException when name or value can't stand in a header, or the header frames the message
         */
        public Builder header(String name, String value) {
            if (!isHeaderName(name) || !isSettable(name)) {
                throw new IllegalArgumentException("no header can be set by the name '" + name + "'");
            }
            if (!isHeaderValue(value)) {
                throw new IllegalArgumentException(
                        "the value of the header " + name + " has characters that no header has: only those of ASCII can be"
                                + " sent");
            }
            headers.keySet().removeIf(name::equalsIgnoreCase);
            headers.put(name, value);
            return this;
        }

        /** @param body not copied */
        public Builder body(byte[] body) {
            this.body = body;
            return this;
        }

        public Builder body(String text) {
            return body(text.getBytes(StandardCharsets.UTF_8));
        }

        /** What stands for the request in messages, where its path is a secret; null for method and URL. */
        public Builder label(String label) {
            this.label = label;
            return this;
        }

        public Request build() {
            return new Request(this);
        }
    }
}
