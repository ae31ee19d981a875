package dev.emc.http;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import dev.emc.api.FatalException;
import dev.emc.api.SourceRecord;
import dev.emc.http.HttpSourceConfig.AnswerWhen;
import dev.emc.http.HttpSourceConfig.Protocol;
import dev.emc.http.server.Answer;
import dev.emc.http.server.Exchange;
import dev.emc.http.server.RequestHead;
import dev.emc.http.server.ServerSettings;
import dev.emc.http.server.Service;
import dev.emc.http.server.WebServer;
import dev.emc.kit.Tls;
import dev.emc.wire.EventFormatException;

/** Takes requests in, and answers them when the mesh has their events. */
final class PushSource implements Service, AutoCloseable {

    /** The worker reads more often than that, unless it has no room or the mesh is away. */
    private static final long STALLED = TimeUnit.SECONDS.toNanos(3);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(5);
    private static final String ORIGIN = "WebHook-Request-Origin";

    private final HttpSourceConfig config;
    private final Map<String, Route> routes;
    private final List<String> methods;
    private final RequestReader reader;
    private final LinkedBlockingQueue<Delivery> waiting = new LinkedBlockingQueue<>();
    private final AtomicInteger waitingRecords = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    /** Of a request that has more records than were asked for. */
    private final Deque<SourceRecord> rest = new ArrayDeque<>();
    private volatile long readAt;
    private WebServer server;

    PushSource(HttpSourceConfig config) {
        this.config = config;
        this.routes = new Routing(config).routes();
        this.methods = config.methods().stream().map(method -> method.strip().toUpperCase(Locale.ROOT)).toList();
        this.reader = new RequestReader(config);
    }

    void start() throws FatalException {
        readAt = System.nanoTime();
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
        if (isStalled()) {
            return Answer.later(503, "no events can be taken now; send it again", LATER);
        }
        if (waiting.size() >= config.maxWaiting() || waitingBytes.get() > config.server().maxBuffered().asLongValue()) {
            return Answer.later(429, "too many requests are waiting; send it again", SOON);
        }
        return null;
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
        Delivery delivery = new Delivery(exchange, Answer.empty(early ? 202 : 200),
                Answer.later(503, "the mesh has not taken it; send it again", SOON));
        try {
            delivery.build(reader.read(head, exchange.body(), route, () -> SourceRecord.acknowledgedBy(delivery)));
        } catch (EventFormatException | IllegalArgumentException e) {
            exchange.answer(Answer.problem(400, e.getMessage()));
            return;
        }
        if (delivery.records().isEmpty()) {
            exchange.answer(Answer.empty(early ? 202 : 200));
            return;
        }
        count(delivery, 1);
        waiting.add(delivery);
        if (early) {
            exchange.answer(Answer.empty(202));
        }
    }

    @Override
    public Answer late(Exchange exchange) {
        return Answer.later(503, "the mesh has not taken it in time, and may still do so; send it again with the same id",
                LATER);
    }

    private void count(Delivery delivery, int sign) {
        waitingRecords.addAndGet(sign * delivery.records().size());
        waitingBytes.addAndGet(sign * delivery.bytes());
    }

    private boolean isStalled() {
        return System.nanoTime() - readAt > STALLED;
    }

    /** Who waits while nothing is read had better come again: what has not been read is in nobody's hands. */
    @Override
    public void tick() {
        if (config.answer() == AnswerWhen.ACCEPTED && isStalled()) {
            giveBack();
        }
    }

    private void giveBack() {
        for (Delivery delivery = waiting.poll(); delivery != null; delivery = waiting.poll()) {
            count(delivery, -1);
            delivery.giveBack();
        }
    }

    /** The next records of requests whose callers still wait for them. */
    List<SourceRecord> poll(int max, Duration wait) throws InterruptedException {
        readAt = System.nanoTime();
        List<SourceRecord> records = new ArrayList<>();
        take(rest, records, max);
        long patience = records.isEmpty() ? wait.toNanos() : 0;
        while (records.size() < max) {
            Delivery delivery = patience > 0 ? waiting.poll(patience, TimeUnit.NANOSECONDS) : waiting.poll();
            if (delivery == null) {
                break;
            }
            patience = 0;
            count(delivery, -1);
            // nobody has been promised anything: who has gone away, or was told to come again, will do so
            if (config.answer() == AnswerWhen.RECEIVED || !delivery.isOver()) {
                rest.addAll(delivery.records());
                take(rest, records, max);
            }
        }
        readAt = System.nanoTime();
        return records;
    }

    private static void take(Deque<SourceRecord> from, List<SourceRecord> to, int max) {
        while (to.size() < max && !from.isEmpty()) {
            to.add(from.remove());
        }
    }

    long lag() {
        return waitingRecords.get();
    }

    /** For messages: where requests are taken. */
    String paths() {
        return routes.keySet().stream().collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        if (server == null) {
            return;
        }
        server.drain();
        giveBack();
        rest.forEach(record -> ((Delivery) record.progress()).rejected(null));
        rest.clear();
        server.close();
    }
}
