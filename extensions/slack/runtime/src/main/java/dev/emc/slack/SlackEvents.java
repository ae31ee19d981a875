package dev.emc.slack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

import dev.emc.api.PermanentException;
import dev.emc.api.SourceRecord;
import dev.emc.kit.JsonText;
import dev.emc.wire.EventFormatException;

/**
 * What Slack sends, by its reference of the Events API, of slash commands and of interactivity. The payload of an event is all
 * that Slack has sent, as JSON, but the old verification token, which is a secret.
 */
final class SlackEvents {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String TOKEN = "token";

    private final String typePrefix;
    private final List<String> wanted;
    private final boolean bots;

    SlackEvents(SlackSourceConfig config) {
        this.typePrefix = config.typePrefix();
        this.wanted = config.events().orElse(null);
        this.bots = config.bots();
    }

    /**
     * What was in a request.
     *
     * @param challenge to be answered with; null when there is none
     * @param id of the event; null when it isn't wanted
     */
    record Incoming(String challenge, String id, String source, String type, String subject, Instant time, byte[] data) {

        static final Incoming UNWANTED = new Incoming(null, null, null, null, null, null, null);

        SourceRecord.Builder fill(SourceRecord.Builder builder) {
            return builder.attribute("id", id).attribute("source", source).attribute("type", type)
                    .attribute("subject", subject).timestamp(time).contentType("application/json").data(data);
        }
    }

    /**
     * Reads a request whose signature is genuine.
     *
     * @throws EventFormatException when Slack never sends such a thing
     */
    Incoming read(String mediaType, byte[] body) throws EventFormatException {
        if ("application/x-www-form-urlencoded".equals(mediaType)) {
            Map<String, String> form = form(body);
            if (form.containsKey("payload")) {
                return interaction(form.get("payload").getBytes(StandardCharsets.UTF_8));
            }
            return form.containsKey("command") ? command(form) : Incoming.UNWANTED; // ssl_check
        }
        byte[] json = withoutToken(body);
        String kind = text(json, "/type");
        if (kind == null) {
            throw new EventFormatException("This is nothing that Slack sends: it has no type.", null);
        }
        return switch (kind) {
            case "url_verification" -> new Incoming(text(json, "/challenge"), null, null, null, null, null, null);
            case "event_callback" -> event(json);
            default -> other(kind, json);
        };
    }

    private Incoming event(byte[] json) throws EventFormatException {
        String type = text(json, "/event/type");
        String id = text(json, "/event_id");
        if (type == null || id == null) {
            throw new EventFormatException("The event has no event_id or no type.", null);
        }
        if (!isWanted(type) || !bots && text(json, "/event/bot_id") != null) {
            return Incoming.UNWANTED;
        }
        return incoming(id, type, first(json, "/event/channel/id", "/event/channel", "/event/item/channel", "/event/user/id",
                "/event/user"), text(json, "/event_time"), json);
    }

    /** Such as {@code app_rate_limited}. */
    private Incoming other(String kind, byte[] json) throws EventFormatException {
        if (!isWanted(kind)) {
            return Incoming.UNWANTED;
        }
        String minute = text(json, "/minute_rate_limited");
        String id = kind + "-" + text(json, "/team_id") + "-" + (minute == null ? hash(json) : minute);
        return incoming(id, kind, null, minute, json);
    }

    private Incoming interaction(byte[] payload) throws EventFormatException {
        byte[] json = withoutToken(payload);
        String kind = text(json, "/type");
        if (kind == null) {
            throw new EventFormatException("The interaction has no type.", null);
        }
        if (!isWanted(kind)) {
            return Incoming.UNWANTED;
        }
        String trigger = first(json, "/trigger_id", "/action_ts", "/view/hash");
        return incoming(trigger == null ? hash(json) : kind + "-" + trigger, kind, first(json, "/channel/id", "/user/id"), null,
                json);
    }

    private Incoming command(Map<String, String> form) throws EventFormatException {
        if (!isWanted("slash_command")) {
            return Incoming.UNWANTED;
        }
        form.remove(TOKEN);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            for (Map.Entry<String, String> field : form.entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new EventFormatException("The slash command has a field that can't be JSON.", e);
        }
        byte[] json = bytes.toByteArray();
        String trigger = form.get("trigger_id");
        return incoming(trigger == null ? hash(json) : trigger, "slash_command", form.get("channel_id"), null, json);
    }

    /** @param seconds since 1970; null for now */
    private Incoming incoming(String id, String type, String subject, String seconds, byte[] json) throws EventFormatException {
        String team = first(json, "/team_id", "/team/id");
        String app = text(json, "/api_app_id");
        Instant time = seconds == null || !seconds.matches("[0-9]{1,11}")
                ? Instant.now()
                : Instant.ofEpochSecond(Long.parseLong(seconds));
        return new Incoming(null, id, "/slack/" + team + "/" + app, typePrefix + type, subject, time, json);
    }

    private boolean isWanted(String type) {
        return wanted == null || wanted.contains(type);
    }

    /** An id for what has none: the same for the same content. */
    private static String hash(byte[] json) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    /** The first of these fields that is there and is text. */
    private static String first(byte[] json, String... pointers) throws EventFormatException {
        for (String pointer : pointers) {
            String value = text(json, pointer);
            if (value != null && !value.startsWith("{")) {
                return value;
            }
        }
        return null;
    }

    private static String text(byte[] json, String pointer) throws EventFormatException {
        try {
            return JsonText.textAt(JsonPointer.compile(pointer), json, "");
        } catch (PermanentException e) {
            throw new EventFormatException("This is nothing that Slack sends: it is no JSON.", e);
        }
    }

    private static Map<String, String> form(byte[] body) throws EventFormatException {
        Map<String, String> fields = new LinkedHashMap<>();
        try {
            for (String pair : new String(body, StandardCharsets.UTF_8).split("&")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    fields.putIfAbsent(URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                }
            }
            return fields;
        } catch (IllegalArgumentException e) {
            throw new EventFormatException("The form can't be read.", e);
        }
    }

    /** The object without the field {@code token}, on one line. */
    private static byte[] withoutToken(byte[] body) throws EventFormatException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length);
        try (JsonParser parser = JSON.createParser(body); JsonGenerator json = JSON.createGenerator(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new EventFormatException("This is nothing that Slack sends: it is no JSON object.", null);
            }
            json.writeStartObject();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (name.equals(TOKEN)) {
                    parser.skipChildren();
                } else {
                    json.writeFieldName(name);
                    json.copyCurrentStructure(parser);
                }
            }
            json.writeEndObject();
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new EventFormatException("This is nothing that Slack sends: it is more than one JSON object.", null);
            }
        } catch (JsonProcessingException e) {
            throw new EventFormatException("This is nothing that Slack sends: it is no JSON.", e);
        } catch (IOException e) {
            throw new EventFormatException("The request can't be read.", e);
        }
        return bytes.toByteArray();
    }
}
