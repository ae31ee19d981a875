package dev.emc.http;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.emc.api.ConnectorRecord;
import dev.emc.http.events.HttpEvents;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.WebhookSender;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.SourceDriver;
import dev.emc.wire.EventFormatException;

/** Callers of the HTTP source. While they are broken they don't call, and somebody else has the port if it is free. */
public final class HttpSourceDriver implements SourceDriver<HttpSourceConfig> {

    private WebhookSender sender;
    private int port;
    private ServerSocket squatter;

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
    public Map<String, String> newPlace() throws IOException {
        if (sender != null) {
            sender.close();
        }
        port = EmcProcess.freePort();
        sender = new WebhookSender(URI.create("http://127.0.0.1:" + port + "/"));
        return Map.of("port", Integer.toString(port), "server.host", "127.0.0.1");
    }

    @Override
    public void write(Map<String, String> place, List<ConnectorRecord> records) {
        for (ConnectorRecord record : records) {
            sender.send(() -> request(record));
        }
    }

    private static HttpRequest.Builder request(ConnectorRecord record) {
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
    public void breakSystem() throws IOException {
        sender.pause(true);
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress("127.0.0.1", port));
            squatter = socket;
        } catch (BindException theSourceHasIt) {
            socket.close();
        }
    }

    @Override
    public void mendSystem() throws IOException {
        if (squatter != null) {
            squatter.close();
            squatter = null;
        }
        sender.pause(false);
    }

    @Override
    public Map<String, String> wrongSettings() {
        return Map.of("path", "orders", "port", "70000", "poll.urls", "http://127.0.0.1/", "tls.ca", "ca.pem");
    }

    @Override
    public void close() {
        if (sender != null) {
            sender.close();
        }
    }
}
