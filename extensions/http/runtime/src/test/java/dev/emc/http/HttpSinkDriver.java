package dev.emc.http;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.emc.api.ConnectorRecord;
import dev.emc.http.events.HttpEvents;
import dev.emc.testkit.CuttableProxy;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.SinkDriver;

/** A server for the HTTP sink, behind a proxy that can be cut. */
public final class HttpSinkDriver implements SinkDriver<HttpSinkConfig> {

    private static final String POISON = "text/poison";

    private final Target target;
    private final CuttableProxy proxy;
    private int places;

    public HttpSinkDriver() throws IOException {
        target = new Target();
        target.answer(seen -> POISON.equals(seen.header("Content-Type"))
                ? Target.Reply.of(422)
                : Target.Reply.of(seen.method().equals("OPTIONS") ? 204 : 202));
        proxy = CuttableProxy.to("127.0.0.1", target.port());
    }

    @Override
    public String name() {
        return "http-sink";
    }

    @Override
    public Class<HttpSinkConfig> configClass() {
        return HttpSinkConfig.class;
    }

    @Override
    public HttpSink create(HttpSinkConfig config) {
        return new HttpSink(config);
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.of(Feature.BINARY, Feature.EMPTY, Feature.NO_PAYLOAD, Feature.ATTRIBUTES, Feature.CONTENT_TYPE,
                Feature.TIME);
    }

    @Override
    public Map<String, String> newPlace() {
        return Map.of("urls", "http://" + proxy.address() + "/place-" + ++places);
    }

    @Override
    public List<ConnectorRecord> read(Map<String, String> place) throws Exception {
        String url = place.get("urls");
        List<ConnectorRecord> events = new ArrayList<>();
        for (Target.Seen seen : target.taken(url.substring(url.indexOf("/place-")))) {
            Map<String, List<String>> all = new HashMap<>();
            seen.headers().forEach((name, value) -> all.put(name, List.of(value)));
            HttpHeaders headers = HttpHeaders.of(all, (name, value) -> true);
            HttpEvents.read(HttpEvents.mode(headers), headers, seen.body(), ConnectorRecord::builder)
                    .forEach(builder -> events.add(builder.build()));
        }
        return events;
    }

    @Override
    public Optional<ConnectorRecord> poison(ConnectorRecord event) {
        return Optional.of(ConnectorRecord.builder().attributes(event.attributes()).data(event.data()).contentType(POISON)
                .build());
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
        return Map.of("urls", "http://x/{oops", "method", "FETCH", "parallel", "0", "key", "{a", "body", "text",
                "retry-also", "200");
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        target.close();
    }
}
