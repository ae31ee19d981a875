package dev.emc.http;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.emc.api.FatalException;
import dev.emc.api.SourceRecord;
import dev.emc.http.HttpSourceConfig.AnswerWhen;
import dev.emc.http.HttpSourceConfig.Protocol;
import dev.emc.http.server.Answer;
import dev.emc.http.server.Delivery;
import dev.emc.http.server.Exchange;
import dev.emc.http.server.Inbox;
import dev.emc.http.server.RequestHead;
import dev.emc.http.server.ServerSettings;
import dev.emc.http.server.Service;
import dev.emc.http.server.WebServer;
import dev.emc.kit.Tls;
import dev.emc.wire.EventCodec;
import dev.emc.wire.EventFormatException;

/** Takes requests in, and answers them when the mesh has their events. */
final class PushSource implements Service, AutoCloseable {

    private static final String ORIGIN = "WebHook-Request-Origin";

    private final HttpSourceConfig config;
    private final Map<String, Route> routes;
    private final List<String> methods;
    private final RequestReader reader;
    private final Inbox inbox;
    private WebServer server;

    PushSource(HttpSourceConfig config) {
        this.config = config;
        this.routes = new Routing(config).routes();
        this.methods = config.methods().stream().map(method -> method.strip().toUpperCase(Locale.ROOT)).toList();
        this.reader = new RequestReader(config);
        this.inbox = new Inbox(config.maxWaiting(), config.server().maxBuffered().asLongValue(),
                config.answer() == AnswerWhen.RECEIVED);
    }

    void start() throws FatalException {
        inbox.open();
        server = new WebServer(ServerSettings.of(config.server(), config.port(),
                config.tls().enabled() ? Tls.server(config.tls()) : null), this);
        try {
            server.start();
        } catch (IOException e) {
            throw new FatalException(e.getMessage() + "; look at connector.port and connector.server.host", e);
        }
    }

    /** The port that it listens on. */
    int port() {
        return server.port();
    }

    /** Connections that are open now. */
    int connections() {
        return server.connections();
    }

    /** Bytes of bodies that are held now. */
    long buffered() {
        return server.buffered();
    }

    @Override
    public Answer admit(RequestHead head) {
        Route route = routes.get(head.path());
        if (route == null) {
            return Answer.problem(404, "nothing is taken at this path");
        }
        if (head.method().equals("OPTIONS")) {
            return options(head);
        }
        if (!methods.contains(head.method())) {
            return Answer.problem(405, "this method isn't taken").with("Allow", allow());
        }
        if (!route.verifier().needsBody()) {
            Answer refusal = unauthorized(route, head, new byte[0]);
            if (refusal != null) {
                return refusal;
            }
        }
        Answer unsupported = unsupported(head);
        if (unsupported != null) {
            return unsupported;
        }
        return inbox.refusal();
    }

    private Answer unauthorized(Route route, RequestHead head, byte[] body) {
        String refusal = route.verifier().refusal(head.headers(), body, Instant.now());
        if (refusal == null) {
            return null;
        }
        Answer answer = Answer.problem(401, refusal);
        String challenge = route.verifier().challenge();
        return challenge == null ? answer : answer.with("WWW-Authenticate", challenge);
    }

    private Answer unsupported(RequestHead head) {
        String encoding = head.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return Answer.problem(415, "the body has a Content-Encoding; send it without one").with("Accept-Encoding",
                    "identity");
        }
        try {
            if (reader.mode(head.headers()) == null && config.protocol() == Protocol.CLOUDEVENT) {
                return Answer.problem(415, "only CloudEvents are taken: with the headers ce-id, ce-source, ce-type and"
                        + " ce-specversion, or as application/cloudevents+json");
            }
            return null;
        } catch (EventFormatException e) {
            return Answer.problem(415, e.getMessage());
        }
    }

    private String allow() {
        return String.join(", ", methods) + ", OPTIONS";
    }

    /** The handshake of CloudEvents' webhooks (HTTP 1.1 Web Hooks for Event Delivery, 4). */
    private Answer options(RequestHead head) {
        String origin = head.header(ORIGIN);
        if (origin == null) {
            return Answer.empty(204).with("Allow", allow());
        }
        List<String> allowed = config.webhook().origins().orElse(List.of());
        Optional<String> known = allowed.stream().filter(name -> name.equals("*") || name.equalsIgnoreCase(origin.strip()))
                .findFirst();
        if (known.isEmpty()) {
            return Answer.problem(403, "this origin may not send here").with("Allow", allow());
        }
        return Answer.empty(200).with("Allow", allow()).with("WebHook-Allowed-Origin", known.get())
                .with("WebHook-Allowed-Rate", config.webhook().rate().map(rate -> Integer.toString(rate)).orElse("*"));
    }

    @Override
    public void handle(Exchange exchange) {
        RequestHead head = exchange.head();
        Route route = routes.get(head.path());
        if (route.verifier().needsBody()) {
            Answer refusal = unauthorized(route, head, exchange.body());
            if (refusal != null) {
                exchange.answer(refusal);
                return;
            }
        }
        boolean early = config.answer() == AnswerWhen.RECEIVED;
        Delivery delivery = new Delivery(exchange, Answer.empty(early ? 202 : 200), Inbox.notTaken());
        try {
            delivery.build(reader.read(head, exchange.body(), route, () -> SourceRecord.acknowledgedBy(delivery)));
            if (!fit(delivery.records())) {
                exchange.answer(Answer.problem(413, "an event is too long for the mesh: with what its data and attributes take"
                        + " as JSON, over " + EventCodec.LONGEST + " bytes"));
                return;
            }
        } catch (EventFormatException | IllegalArgumentException e) {
            exchange.answer(Answer.problem(400, e.getMessage()));
            return;
        }
        if (delivery.records().isEmpty()) {
            exchange.answer(Answer.empty(early ? 202 : 200));
            return;
        }
        inbox.add(delivery);
        if (early) {
            exchange.answer(Answer.empty(202));
        }
    }

    /**
     * Whether the mesh's protocol can carry these records: what it can't, its sender has to know, and is no dead letter of ours.
     *
     * @throws EventFormatException when one can't be an event
     */
    private static boolean fit(List<SourceRecord> records) throws EventFormatException {
        for (SourceRecord record : records) {
            if (EventCodec.measure(record) > EventCodec.LONGEST) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Answer late(Exchange exchange) {
        return Inbox.late();
    }

    @Override
    public void tick() {
        inbox.tick();
    }

    /** The next records of requests whose callers still wait for them. */
    List<SourceRecord> poll(int max, Duration wait) throws InterruptedException {
        return inbox.poll(max, wait);
    }

    long lag() {
        return inbox.lag();
    }

    @Override
    public void close() {
        if (server == null) {
            return;
        }
        server.drain();
        inbox.close();
        server.close();
    }
}
