package dev.emc.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import dev.emc.api.SourceRecord;
import dev.emc.http.HttpSourceConfig.Protocol;
import dev.emc.http.events.HttpEvents;
import dev.emc.http.server.RequestHead;
import dev.emc.wire.EventFormatException;

/** Makes records of requests. */
final class RequestReader {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST_ID = 256;
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String GITHUB_EVENT = "X-GitHub-Event";

    private final HttpSourceConfig config;

    RequestReader(HttpSourceConfig config) {
        this.config = config;
    }

    /** How events stand in a request; null when it is a plain one. */
    HttpEvents.Mode mode(HttpHeaders headers) throws EventFormatException {
        return config.protocol() == Protocol.COMMON ? null : HttpEvents.mode(headers);
    }

    /**
     * The records of a request.
     *
     * @param builder makes a builder for each
     * @throws EventFormatException when the request is one that can't be taken; the message is for its caller
     */
    List<SourceRecord.Builder> read(RequestHead head, byte[] body, Route route, Supplier<SourceRecord.Builder> builder)
            throws EventFormatException {
        HttpEvents.Mode mode = mode(head.headers());
        List<SourceRecord.Builder> records = mode == null
                ? List.of(plain(head, body, route, builder.get()))
                : HttpEvents.read(mode, head.headers(), body, builder);
        route.topic().ifPresent(topic -> records.forEach(record -> record.topic(topic)));
        return records;
    }

    private SourceRecord.Builder plain(RequestHead head, byte[] body, Route route, SourceRecord.Builder record)
            throws EventFormatException {
        boolean form = FORM.equals(head.mediaType()) && config.forms() == HttpSourceConfig.Forms.JSON;
        String type = head.header("Content-Type");
        record.attribute("id", id(head)).attribute("source", route.path()).attribute("type", type(head, route))
                .attribute("httpmethod", head.method()).attribute("httpquery", head.query())
                .timestamp(Instant.now());
        for (Map.Entry<String, String> header : config.headers().entrySet()) {
            record.attribute(header.getKey(), head.header(header.getValue()));
        }
        if (form) {
            return record.contentType("application/json").data(json(new String(body, StandardCharsets.UTF_8)));
        }
        return record.contentType(type).data(body.length == 0 && type == null ? null : body);
    }

    private String type(RequestHead head, Route route) {
        String event = head.header(GITHUB_EVENT);
        return config.protocol() == Protocol.GITHUB && event != null && event.matches("[a-z_]{1,64}")
                ? "com.github." + event
                : route.type();
    }

    private String id(RequestHead head) throws EventFormatException {
        for (String header : config.idHeaders()) {
            String id = head.header(header);
            if (id != null && !id.isBlank()) {
                if (id.length() > LONGEST_ID) {
                    throw new EventFormatException("The id in the header " + header + " is longer than " + LONGEST_ID
                            + " characters.", null);
                }
                return id.strip();
            }
        }
        return UUID.randomUUID().toString();
    }

    /** The fields of a form as a JSON object; those that are there several times as arrays. */
    private static byte[] json(String form) throws EventFormatException {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        try {
            for (String field : form.split("&")) {
                if (!field.isEmpty()) {
                    String[] pair = field.split("=", 2);
                    fields.computeIfAbsent(URLDecoder.decode(pair[0], StandardCharsets.UTF_8), name -> new ArrayList<>(1))
                            .add(pair.length == 1 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new EventFormatException("The form has a % without two hexadecimal digits after it.", e);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            for (Map.Entry<String, List<String>> field : fields.entrySet()) {
                json.writeFieldName(field.getKey());
                if (field.getValue().size() == 1) {
                    json.writeString(field.getValue().get(0));
                } else {
                    json.writeArray(field.getValue().toArray(new String[0]), 0, field.getValue().size());
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new EventFormatException("The form can't be written as JSON.", e);
        }
        return bytes.toByteArray();
    }
}
