package dev.emc.slack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.emc.api.ConnectorRecord;
import dev.emc.testkit.CuttableProxy;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.SinkDriver;

/** A stand-in for Slack, behind a proxy that can be cut. */
public final class SlackSinkDriver implements SinkDriver<SlackSinkConfig> {

    private final SlackServer slack;
    private final CuttableProxy proxy;
    private int places;

    public SlackSinkDriver() throws IOException {
        slack = new SlackServer();
        proxy = CuttableProxy.to("127.0.0.1", slack.port());
    }

    @Override
    public String name() {
        return "slack-sink";
    }

    @Override
    public Class<SlackSinkConfig> configClass() {
        return SlackSinkConfig.class;
    }

    @Override
    public SlackSink create(SlackSinkConfig config) {
        return new SlackSink(config);
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.of(Feature.ORDER);
    }

    @Override
    public int maxPayload() {
        return SlackRequests.LONGEST_TEXT;
    }

    /** Without Slack's interval: the suite sends hundreds of events to one channel. */
    @Override
    public Map<String, String> newPlace() {
        String channel = "C" + ++places;
        slack.addChannel(channel);
        return Map.of("token", SlackServer.TOKEN, "channel", channel, "url", "http://" + proxy.address() + "/api", "interval",
                "0s");
    }

    /** Few: the sample keeps Slack's interval of a second. */
    @Override
    public List<ConnectorRecord> sampleRecords() {
        return SinkDriver.super.sampleRecords().subList(0, 5);
    }

    @Override
    public List<ConnectorRecord> read(Map<String, String> place) {
        List<ConnectorRecord> events = new ArrayList<>();
        for (SlackServer.Message message : slack.messages(place.get("channel"))) {
            String shown = message.text().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            events.add(ConnectorRecord.builder()
                    .attribute("id", message.body().at("/metadata/event_payload/id").asText())
                    .data(shown.getBytes(StandardCharsets.UTF_8)).build());
        }
        return events;
    }

    /** Longer than any message. */
    @Override
    public Optional<ConnectorRecord> poison(ConnectorRecord event) {
        return Optional.of(ConnectorRecord.builder().attributes(event.attributes()).contentType(event.contentType())
                .text("x".repeat(SlackRequests.LONGEST_TEXT + 1)).build());
    }

    @Override
    public void breakSystem() throws IOException {
        proxy.cut();
    }

    @Override
    public void mendSystem() throws IOException {
        proxy.mend();
    }

    @Override
    public Map<String, String> wrongSettings() {
        return Map.of("channel", "{oops", "url", "slack.com", "blocks", "{}", "parallel", "0", "webhook-url",
                "https://hooks.slack.com/x", "tls.ca", "ca.pem");
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        slack.close();
    }
}
