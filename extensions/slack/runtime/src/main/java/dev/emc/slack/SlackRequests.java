package dev.emc.slack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.http.client.Request;
import dev.emc.kit.Template;
import dev.emc.slack.SlackSinkConfig.Content;
import dev.emc.slack.SlackSinkConfig.Mode;
import dev.emc.slack.SlackSinkConfig.TooLong;

/** Requests to Slack as the Web API's reference has them: JSON for messages, forms for files. */
final class SlackRequests {

    static final int LONGEST_TEXT = 40_000;
    /** For one and only channel: that of a webhook, or the one in payloads that are messages. */
    private static final String WEBHOOK = "the webhook's channel";
    private static final JsonFactory JSON = new JsonFactory();

    private final SlackSinkConfig config;
    private final Template channel;
    private final Template text;
    private final Template blocks;
    private final Template threadTs;
    private final Template updateTs;
    private final Template username;
    private final Template iconEmoji;
    private final Template fileName;
    private final Template fileTitle;
    private final UnaryOperator<String> escape;

    SlackRequests(SlackSinkConfig config) {
        this.config = config;
        this.channel = template(config.channel());
        this.text = Template.parse(config.text());
        this.blocks = template(config.blocks());
        this.threadTs = template(config.threadTs());
        this.updateTs = template(config.updateTs());
        this.username = template(config.username());
        this.iconEmoji = template(config.iconEmoji());
        this.fileName = Template.parse(config.fileName());
        this.fileTitle = template(config.fileTitle());
        this.escape = config.escape() ? SlackRequests::escaped : UnaryOperator.identity();
    }

    private static Template template(Optional<String> text) {
        return text.map(Template::parse).orElse(null);
    }

    /** As Slack asks for in texts. */
    private static String escaped(String value) {
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private URI method(String name) {
        return URI.create(config.url().replaceAll("/+$", "") + "/" + name);
    }

    /** Which channel an event goes to, for the rate: events of one channel wait for each other. */
    String channel(ConnectorRecord event) throws PermanentException {
        if (config.mode() == Mode.WEBHOOK) {
            return WEBHOOK;
        }
        return channel == null ? "" : channel.apply(event);
    }

    /** Asks who the token is. */
    Request authTest() {
        return form("auth.test", Map.of());
    }

    /** What an event becomes; of a file only the bytes, without a place to send them to. */
    Request post(ConnectorRecord event, String to) throws PermanentException {
        if (config.mode() == Mode.FILE) {
            byte[] data = event.data() == null ? new byte[0] : event.data();
            return Request.of("POST", method("files.upload")).body(data).label("upload of a file").build();
        }
        String update = filled(updateTs, event, UnaryOperator.identity());
        byte[] body = message(event, config.mode() == Mode.WEBHOOK ? null : to, update);
        if (config.mode() == Mode.WEBHOOK) {
            return json(URI.create(config.webhookUrl().orElseThrow()), "incoming webhook", body);
        }
        String method = update == null ? "chat.postMessage" : "chat.update";
        return json(method(method), method, body);
    }

    private static Request json(URI uri, String label, byte[] body) {
        return Request.of("POST", uri).header("Content-Type", "application/json; charset=utf-8").body(body).label(label)
                .build();
    }

    /** A call with a form, as the methods for files want it. */
    Request form(String method, Map<String, String> fields) {
        StringBuilder form = new StringBuilder();
        for (String name : new TreeSet<>(fields.keySet())) {
            form.append(form.isEmpty() ? "" : "&").append(name).append('=')
                    .append(URLEncoder.encode(fields.get(name), StandardCharsets.UTF_8));
        }
        return Request.of("POST", method(method)).header("Content-Type", "application/x-www-form-urlencoded")
                .body(form.toString()).label(method).build();
    }

    /** @return null when the template isn't there or says nothing */
    private static String filled(Template template, ConnectorRecord event, UnaryOperator<String> escape)
            throws PermanentException {
        String value = template == null ? "" : template.apply(event, escape);
        return value.isBlank() ? null : value;
    }

    private byte[] message(ConnectorRecord event, String to, String update) throws PermanentException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            Set<String> given = new TreeSet<>();
            field(json, given, "channel", to == null || to.isEmpty() ? null : to);
            field(json, given, "ts", update);
            field(json, given, "thread_ts", filled(threadTs, event, UnaryOperator.identity()));
            if (config.content() == Content.PAYLOAD) {
                copy(event, json, given);
            } else {
                template(event, json, given);
            }
            if (config.metadata() && config.mode() == Mode.MESSAGE && !given.contains("metadata")) {
                metadata(event, json);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new PermanentException("the message of event '" + event.id() + "' can't be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    private static void field(JsonGenerator json, Set<String> given, String name, String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
            given.add(name);
        }
    }

    private void template(ConnectorRecord event, JsonGenerator json, Set<String> given) throws IOException, PermanentException {
        field(json, given, "text", text(event));
        if (blocks != null) {
            json.writeFieldName("blocks");
            json.writeRawValue(blocks(event));
        }
        field(json, given, "username", filled(username, event, UnaryOperator.identity()));
        field(json, given, "icon_emoji", filled(iconEmoji, event, UnaryOperator.identity()));
        if (config.replyBroadcast() && given.contains("thread_ts")) {
            json.writeBooleanField("reply_broadcast", true);
        }
        if (!config.unfurl()) {
            json.writeBooleanField("unfurl_links", false);
            json.writeBooleanField("unfurl_media", false);
        }
    }

    /** The text of an event. */
    String text(ConnectorRecord event) throws PermanentException {
        if (event.data() == null && text.readsPayload() && config.text().equals("{data}")) {
            throw new PermanentException("event '" + event.id() + "' has no data that could be a message; set connector.text");
        }
        String filled = text.apply(event, escape);
        if (filled.codePointCount(0, filled.length()) <= LONGEST_TEXT) {
            return filled;
        }
        if (config.tooLong() == TooLong.REFUSE) {
            throw new PermanentException("the text of event '" + event.id() + "' is longer than Slack's " + LONGEST_TEXT
                    + " characters; connector.too-long: truncate cuts it");
        }
        return filled.substring(0, filled.offsetByCodePoints(0, LONGEST_TEXT - 1)) + "…";
    }

    private String blocks(ConnectorRecord event) throws PermanentException {
        String filled = blocks.apply(event,
                value -> new String(JsonStringEncoder.getInstance().quoteAsString(escape.apply(value))));
        if (!isArray(filled)) {
            throw new PermanentException("with event '" + event.id() + "' connector.blocks is no JSON array");
        }
        return filled;
    }

    /** Whether a text is one JSON array. */
    static boolean isArray(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** All fields of a payload that is a message, but those that are given already. */
    private static void copy(ConnectorRecord event, JsonGenerator json, Set<String> given)
            throws IOException, PermanentException {
        try (JsonParser parser = JSON.createParser(event.data() == null ? new byte[0] : event.data())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new PermanentException("the payload of event '" + event.id() + "' is no JSON object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (given.add(name)) {
                    json.writeFieldName(name);
                    json.copyCurrentStructure(parser);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new PermanentException("the payload of event '" + event.id() + "' is more than one JSON object");
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new PermanentException("the payload of event '" + event.id() + "' is no JSON object", e);
        }
    }

    private static void metadata(ConnectorRecord event, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("metadata");
        json.writeStringField("event_type", "cloudevent");
        json.writeObjectFieldStart("event_payload");
        json.writeStringField("id", event.id());
        json.writeStringField("source", event.attribute("source"));
        json.writeStringField("type", event.attribute("type"));
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Name of an event's file. */
    String fileName(ConnectorRecord event) throws PermanentException {
        return fileName.apply(event, value -> value.replace('/', '_'));
    }

    /** Title of an event's file. */
    String fileTitle(ConnectorRecord event) throws PermanentException {
        return fileTitle == null ? fileName(event) : fileTitle.apply(event);
    }

    /** The message that a file replies to; null for none. */
    String fileThread(ConnectorRecord event) throws PermanentException {
        return filled(threadTs, event, UnaryOperator.identity());
    }

    /** What is said about a file; null for nothing. */
    String fileComment(ConnectorRecord event) throws PermanentException {
        return config.text().equals("{data}") ? null : text(event);
    }
}
