package dev.emc.http;

import java.net.http.HttpRequest;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import dev.emc.api.ConnectorRecord;
import dev.emc.http.events.HttpEvents;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.WebhookSourceDriver;
import dev.emc.wire.EventFormatException;

/** Callers of the HTTP source, with CloudEvents in binary mode. */
public final class HttpSourceDriver extends WebhookSourceDriver<HttpSourceConfig> {

    @Override
    public String name() {
        return "http-source";
    }

    @Override
    public Class<HttpSourceConfig> configClass() {
        return HttpSourceConfig.class;
    }

    @Override
    public HttpSource create(HttpSourceConfig config) {
        return new HttpSource(config);
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.of(Feature.BINARY, Feature.EMPTY, Feature.NO_PAYLOAD, Feature.ATTRIBUTES, Feature.CONTENT_TYPE,
                Feature.TIME);
    }

    @Override
    public int maxPayload() {
        return 1 << 20;
    }

    @Override
    protected String path() {
        return "/";
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of();
    }

    @Override
    protected HttpRequest.Builder request(ConnectorRecord record) {
        try {
            HttpEvents.Message message = HttpEvents.write(record, HttpEvents.Mode.BINARY);
            HttpRequest.Builder request = HttpRequest.newBuilder();
            message.headers().forEach(request::header);
            return request.POST(HttpRequest.BodyPublishers.ofByteArray(message.body()));
        } catch (EventFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Map<String, String> wrongSettings() {
        return Map.of("path", "orders", "port", "70000", "poll.urls", "http://127.0.0.1/", "tls.ca", "ca.pem");
    }
}
