package dev.emc.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.apache.eventmesh.common.protocol.SubscriptionItem;
import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.apache.eventmesh.common.protocol.SubscriptionType;
import org.apache.eventmesh.common.protocol.tcp.RedirectInfo;
import org.apache.eventmesh.common.protocol.tcp.UserAgent;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

/** The JSON bodies of the protocol's messages, read and written without reflection. Unknown fields are ignored. */
public final class Bodies {

    private Bodies() {}

    /** The body of a hello. Null fields are left out. */
    public static byte[] write(UserAgent agent) {
        return object(json -> {
            text(json, "env", agent.getEnv());
            text(json, "subsystem", agent.getSubsystem());
            text(json, "path", agent.getPath());
            json.writeNumberField("pid", agent.getPid());
            text(json, "host", agent.getHost());
            json.writeNumberField("port", agent.getPort());
            text(json, "version", agent.getVersion());
            text(json, "username", agent.getUsername());
            text(json, "password", agent.getPassword());
            text(json, "token", agent.getToken());
            text(json, "idc", agent.getIdc());
            text(json, "group", agent.getGroup());
            text(json, "purpose", agent.getPurpose());
            json.writeNumberField("unack", agent.getUnack());
        });
    }

    /** @throws EventFormatException when the body is not the JSON object of a hello */
    public static UserAgent userAgent(byte[] body) throws EventFormatException {
        UserAgent agent = new UserAgent();
        read(body, "hello", (name, json) -> {
            switch (name) {
                case "env" -> agent.setEnv(json.getValueAsString());
                case "subsystem" -> agent.setSubsystem(json.getValueAsString());
                case "path" -> agent.setPath(json.getValueAsString());
                case "pid" -> agent.setPid(json.getValueAsInt());
                case "host" -> agent.setHost(json.getValueAsString());
                case "port" -> agent.setPort(json.getValueAsInt());
                case "version" -> agent.setVersion(json.getValueAsString());
                case "username" -> agent.setUsername(json.getValueAsString());
                case "password" -> agent.setPassword(json.getValueAsString());
                case "token" -> agent.setToken(json.getValueAsString());
                case "idc" -> agent.setIdc(json.getValueAsString());
                case "group" -> agent.setGroup(json.getValueAsString());
                case "purpose" -> agent.setPurpose(json.getValueAsString());
                case "unack" -> agent.setUnack(json.getValueAsInt());
                default -> {
                }
            }
        });
        return agent;
    }

    /** The body of a subscription. */
    public static byte[] write(List<SubscriptionItem> topics) {
        return object(json -> {
            json.writeArrayFieldStart("topicList");
            for (SubscriptionItem item : topics) {
                json.writeStartObject();
                json.writeStringField("topic", item.getTopic());
                json.writeStringField("mode", item.getMode().name());
                json.writeStringField("type", item.getType().name());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /**
     * The topics of a subscription. A mode or type that is missing or unknown comes back as {@code UNRECOGNIZED}, a
     * missing topic as null.
     *
     * @throws EventFormatException when the body is not the JSON object of a subscription
     */
    public static List<SubscriptionItem> subscription(byte[] body) throws EventFormatException {
        List<SubscriptionItem> topics = new ArrayList<>();
        read(body, "subscription", (name, json) -> {
            if (!name.equals("topicList") || json.currentToken() != JsonToken.START_ARRAY) {
                return;
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() == JsonToken.START_OBJECT) {
                    topics.add(item(json));
                } else {
                    json.skipChildren();
                }
            }
        });
        return topics;
    }

    private static SubscriptionItem item(JsonParser json) throws IOException {
        SubscriptionItem item = new SubscriptionItem(null, SubscriptionMode.UNRECOGNIZED, SubscriptionType.UNRECOGNIZED);
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            switch (name) {
                case "topic" -> item.setTopic(json.getValueAsString());
                case "mode" -> item.setMode(constant(SubscriptionMode.values(), json, SubscriptionMode.UNRECOGNIZED));
                case "type" -> item.setType(constant(SubscriptionType.values(), json, SubscriptionType.UNRECOGNIZED));
                default -> {
                }
            }
            json.skipChildren();
        }
        return item;
    }

    private static <E extends Enum<E>> E constant(E[] all, JsonParser json, E unknown) throws IOException {
        String name = json.getValueAsString("").toUpperCase(Locale.ROOT);
        for (E one : all) {
            if (one.name().equals(name)) {
                return one;
            }
        }
        return unknown;
    }

    /** The body of a redirection. */
    public static byte[] write(RedirectInfo redirect) {
        return object(json -> {
            text(json, "ip", redirect.getIp());
            json.writeNumberField("port", redirect.getPort());
        });
    }

    /** @throws EventFormatException when the body is not the JSON object of a redirection */
    public static RedirectInfo redirect(byte[] body) throws EventFormatException {
        RedirectInfo redirect = new RedirectInfo();
        read(body, "redirection", (name, json) -> {
            switch (name) {
                case "ip" -> redirect.setIp(json.getValueAsString());
                case "port" -> redirect.setPort(json.getValueAsInt());
                default -> {
                }
            }
        });
        return redirect;
    }

    private static void text(JsonGenerator json, String name, String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static byte[] object(Fields fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = Json.FACTORY.createGenerator(out)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void read(byte[] body, String what, Field field) throws EventFormatException {
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new EventFormatException("The body of a " + what + " is not a JSON object.", null);
            }
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                field.read(name, json);
                json.skipChildren();
            }
        } catch (JsonProcessingException e) {
            throw new EventFormatException("The body of a " + what + " is not JSON: " + e.getOriginalMessage() + ".", e);
        } catch (IOException e) {
            throw new EventFormatException("The body of a " + what + " is not JSON.", e);
        }
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private interface Field {
        void read(String name, JsonParser json) throws IOException;
    }
}
