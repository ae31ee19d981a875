package dev.emc.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.core.JsonPointer;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.http.server.Answer;
import dev.emc.kit.JsonText;
import dev.emc.testkit.CuttableProxy;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.SourceDriver;

/** A server with lists of items for the HTTP source to ask for, behind a proxy that can be cut. */
final class HttpPollDriver implements SourceDriver<HttpSourceConfig> {

    private static final JsonPointer TEXT = JsonPointer.compile("/text");

    private final Target target;
    private final CuttableProxy proxy;
    /** The items of each path as the inside of a JSON array. */
    private final Map<String, StringBuffer> items = new ConcurrentHashMap<>();
    private int places;
    private int number;

    HttpPollDriver() throws IOException {
        target = new Target();
        target.answer(seen -> new Target.Reply(200, "{\"items\":[" + items.getOrDefault(seen.path(), new StringBuffer()) + "]}",
                Map.of("Content-Type", "application/json")));
        proxy = CuttableProxy.to("127.0.0.1", target.port());
    }

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
        return EnumSet.of(Feature.ORDER, Feature.REPLAY, Feature.EMPTY);
    }

    @Override
    public int maxPayload() {
        return 200_000;
    }

    @Override
    public Map<String, String> newPlace() {
        String path = "/place-" + ++places;
        items.put(path, new StringBuffer());
        return Map.of("mode", "poll", "poll.urls", "http://" + proxy.address() + path, "poll.items", "/items", "poll.id", "/id",
                "poll.interval", "50ms");
    }

    @Override
    public void write(Map<String, String> place, List<ConnectorRecord> records) {
        String url = place.get("poll.urls");
        StringBuffer list = items.get(url.substring(url.indexOf("/place-")));
        for (ConnectorRecord record : records) {
            String item = "{\"id\":\"i-" + ++number + "\",\"text\":\"" + Answer.quoted(record.text()) + "\"}";
            list.append(list.length() == 0 ? item : "," + item);
        }
    }

    @Override
    public byte[] payload(ConnectorRecord event) {
        try {
            return JsonText.textAt(TEXT, event.data(), event.id()).getBytes(StandardCharsets.UTF_8);
        } catch (PermanentException e) {
            throw new IllegalStateException(e);
        }
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
        return Map.of("poll.urls", "ftp://x", "poll.items", "items", "poll.resume", "true");
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        target.close();
    }
}
