package dev.emc.slack;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.slack.api.app_backend.SlackSignature;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.kit.JsonText;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.WebhookSourceDriver;

/** Sends events as Slack does, signed by Slack's own SDK. */
public final class SlackSourceDriver extends WebhookSourceDriver<SlackSourceConfig> {

    static final String SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
    private static final SlackSignature.Generator SIGNATURES = new SlackSignature.Generator(SECRET);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "slack-source";
    }

    @Override
    public Class<SlackSourceConfig> configClass() {
        return SlackSourceConfig.class;
    }

    @Override
    public SlackSource create(SlackSourceConfig config) {
        return new SlackSource(config);
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.of(Feature.EMPTY);
    }

    @Override
    public int maxPayload() {
        return SlackRequests.LONGEST_TEXT;
    }

    @Override
    protected String path() {
        return "/slack/events";
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("signing-secret", SECRET);
    }

    @Override
    protected HttpRequest.Builder request(ConnectorRecord record) {
        return signed(event(record), "application/json");
    }

    private static String event(ConnectorRecord record) {
        return JSON.createObjectNode().put("token", "old").put("team_id", "T1").put("api_app_id", "A1")
                .put("type", "event_callback").put("event_id", record.id()).put("event_time", 1_700_000_000)
                .set("event", JSON.createObjectNode().put("type", "message").put("channel", "C1").put("user", "U1")
                        .put("text", record.text()))
                .toString();
    }

    /** A request with Slack's signature of this moment. */
    static HttpRequest.Builder signed(String body, String type) {
        String seconds = Long.toString(System.currentTimeMillis() / 1000);
        return HttpRequest.newBuilder().header("Content-Type", type).header("X-Slack-Request-Timestamp", seconds)
                .header("X-Slack-Signature", SIGNATURES.generate(seconds, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public byte[] payload(ConnectorRecord event) {
        try {
            String text = JsonText.textAt(JsonPointer.compile("/event/text"), event.data(), event.id());
            return text.getBytes(StandardCharsets.UTF_8);
        } catch (PermanentException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Map<String, String> wrongSettings() {
        return Map.of("path", "slack", "port", "70000", "remember", "-1", "tls.ca", "ca.pem");
    }
}
