package dev.emc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.testkit.Configs;

class HttpSinkTest {

    private Target server;
    private HttpSink sink;

    @BeforeEach
    void startServer() throws Exception {
        server = new Target();
    }

    @AfterEach
    void stop() {
        if (sink != null) {
            sink.close();
        }
        server.close();
    }

    /** Starts a sink of the server's path {@code /in}, unless the keys say otherwise. */
    private void start(Object... keysAndValues) throws Exception {
        Object[] all = new Object[keysAndValues.length + 2];
        System.arraycopy(new Object[]{"urls", server.url("/in")}, 0, all, 0, 2);
        System.arraycopy(keysAndValues, 0, all, 2, keysAndValues.length);
        sink = new HttpSink(Configs.of(HttpSinkConfig.class, all));
        assertEquals(List.of(), sink.validate());
        sink.start(null);
    }

    private static ConnectorRecord.Builder<?> event(int number) {
        return ConnectorRecord.builder().attribute("id", "e-" + number).attribute("source", "/s").attribute("type", "order")
                .contentType("application/json").text("{\"n\":" + number + ",\"name\":\"a\\\"b\"}");
    }

    private static List<ConnectorRecord> events(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> (ConnectorRecord) event(i).build()).toList();
    }

    private Target.Seen only() {
        assertEquals(1, server.all().size());
        return server.all().get(0);
    }

    private List<String> ids(String path) {
        return server.taken(path).stream().map(seen -> seen.header("Idempotency-Key")).toList();
    }

    @Test
    void anEventIsSentAsHeadersAndBody() throws Exception {
        start();
        assertEquals(List.of(), sink.put(List.of(event(1).attribute("subject", "ü b").build())));
        Target.Seen seen = only();
        assertEquals("POST", seen.method());
        assertEquals("1.0", seen.header("ce-specversion"));
        assertEquals("%C3%BC%20b", seen.header("ce-subject"));
        assertEquals("e-1", seen.header("Idempotency-Key"));
        assertEquals("application/json", seen.header("Content-Type"));
        assertEquals("{\"n\":1,\"name\":\"a\\\"b\"}", seen.text());
    }

    @Test
    void idsWithOtherLettersThanAsciiStayDifferent() throws Exception {
        start();
        sink.put(List.of(event(1).attribute("id", "ü").build(), event(1).attribute("id", "ö").build(),
                event(1).attribute("id", "€").build()));
        assertEquals(Set.of("%C3%BC", "%C3%B6", "%E2%82%AC"), Set.copyOf(ids("/in")));
    }

    @Test
    void aHeaderThatCantBeSentAsItIsFailsItsEvent() throws Exception {
        start("headers.X-Subject", "{subject}");
        List<Failure> failures = sink.put(List.of(event(1).attribute("subject", "Grüße").build()));
        assertInstanceOf(PermanentException.class, failures.get(0).error());
        assertEquals(List.of(), server.all());
    }

    @Test
    void anEventIsSentAsJson() throws Exception {
        start("format", "structured");
        sink.put(events(1, 2));
        assertTrue(only().header("Content-Type").startsWith("application/cloudevents+json"));
        assertTrue(only().text().contains("\"id\":\"e-1\"") && only().text().contains("\"data\":{\"n\":1"), only().text());
    }

    @Test
    void eventsAreSentAsBatches() throws Exception {
        start("format", "batch", "batch-size", 4);
        assertEquals(List.of(), sink.put(events(0, 10)));
        assertEquals(3, server.all().size());
        assertTrue(server.all().get(0).header("Content-Type").startsWith("application/cloudevents-batch+json"));
        String all = server.all().stream().map(Target.Seen::text).collect(Collectors.joining());
        IntStream.range(0, 10).forEach(i -> assertTrue(all.contains("\"id\":\"e-" + i + "\"")));
    }

    @Test
    void theBadEventOfABatchIsFound() throws Exception {
        start("format", "batch");
        server.answer(seen -> Target.Reply.of(seen.text().contains("\"e-3\"") ? 422 : 202));
        List<Failure> failures = sink.put(events(0, 10));
        assertEquals(List.of("e-3"), failures.stream().map(failure -> failure.record().id()).toList());
        assertInstanceOf(PermanentException.class, failures.get(0).error());
        String taken = server.taken("/in").stream().map(Target.Seen::text).collect(Collectors.joining());
        assertTrue(taken.contains("\"e-2\"") && taken.contains("\"e-9\"") && !taken.contains("\"e-3\""));
    }

    @Test
    void theQueryOfAUrlIsKept() throws Exception {
        start("urls", server.url("/in?source=mesh&x=%2F"));
        sink.put(events(1, 2));
        assertEquals("source=mesh&x=%2F", only().query());
    }

    @Test
    void requestsAreMadeFromTemplates() throws Exception {
        start("urls", server.url("/{type}/{/n}?q={subject|none}"), "method", "put", "format", "plain", "headers.X-Sub",
                "n={/n}", "body", "{\"title\": \"it's {/name}\", \"raw\": {data}, \"id\": {id}, \"no\": {nothing|null}}");
        sink.put(List.of(event(7).attribute("type", "a/b c").build()));
        Target.Seen seen = only();
        assertEquals("PUT", seen.method());
        assertEquals("/a%2Fb%20c/7", seen.path());
        assertEquals("q=none", seen.query());
        assertEquals("n=7", seen.header("X-Sub"));
        assertEquals("{\"title\": \"it's a\\\"b\", \"raw\": {\"n\":7,\"name\":\"a\\\"b\"}, \"id\": \"e-7\", \"no\": null}",
                seen.text());
        assertNull(seen.header("ce-id"));
    }

    @Test
    void anEventThatDoesNotFitATemplateFailsAlone() throws Exception {
        start("urls", server.url("/{subject}"));
        List<Failure> failures = sink.put(List.of(event(1).build(), event(2).attribute("subject", "s").build()));
        assertEquals(List.of("e-1"), failures.stream().map(failure -> failure.record().id()).toList());
        assertEquals("e-2", only().header("Idempotency-Key"));
    }

    @Test
    void aHeaderThatWouldBeginAnotherFailsItsEvent() throws Exception {
        start("headers.X-Sub", "{subject}");
        List<Failure> failures = sink.put(List.of(event(1).attribute("subject", "a\r\nX-Evil: 1").build()));
        assertInstanceOf(PermanentException.class, failures.get(0).error());
        assertTrue(server.all().isEmpty());
    }

    @Test
    void aPathThatLeadsElsewhereFailsItsEvent() throws Exception {
        start("urls", server.url("/in/{subject}/x"));
        List<Failure> failures = sink.put(List.of(event(1).attribute("subject", "..").build()));
        assertInstanceOf(PermanentException.class, failures.get(0).error());
        assertTrue(server.all().isEmpty());
    }

    @Test
    void severalUrlsTakeTurns() throws Exception {
        start("urls", server.url("/a") + "," + server.url("/b"));
        assertEquals(List.of(), sink.put(events(0, 10)));
        assertEquals(5, ids("/a").size());
        assertEquals(5, ids("/b").size());
    }

    @Test
    void aBroadcastIsDoneWhenAllHaveIt() throws Exception {
        start("urls", server.url("/a") + "," + server.url("/b"), "delivery", "broadcast");
        server.answer(seen -> Target.Reply.of(seen.path().equals("/b") ? 503 : 202));
        List<ConnectorRecord> events = events(0, 5);
        List<Failure> failures = sink.put(events);
        assertEquals(5, failures.size());
        assertInstanceOf(RetryableException.class, failures.get(0).error());
        server.answer(seen -> Target.Reply.of(202));
        assertEquals(List.of(), sink.put(events));
        assertEquals(5, ids("/a").size(), "those that had it are not asked again");
        assertEquals(5, ids("/b").size());
    }

    @Test
    void aBroadcastThatOneRefusesStillReachesTheOthers() throws Exception {
        start("urls", server.url("/a") + "," + server.url("/b") + "," + server.url("/c"), "delivery", "broadcast");
        server.answer(seen -> Target.Reply.of(seen.path().equals("/a") ? 400 : seen.path().equals("/b") ? 503 : 202));
        List<ConnectorRecord> events = events(0, 1);
        assertInstanceOf(RetryableException.class, sink.put(events).get(0).error());
        server.answer(seen -> Target.Reply.of(202));
        assertInstanceOf(PermanentException.class, sink.put(events).get(0).error());
        assertEquals(List.of(), ids("/a"));
        assertEquals(1, ids("/b").size());
        assertEquals(1, ids("/c").size());
    }

    @Test
    void eventsOfAKeyArriveInOrderThroughFailures() throws Exception {
        start("key", "{subject}", "parallel", 16);
        Set<String> failedOnce = ConcurrentHashMap.newKeySet();
        server.answer(seen -> {
            int number = Integer.parseInt(seen.header("Idempotency-Key").substring(2));
            return Target.Reply.of(number % 7 == 0 && failedOnce.add(seen.header("Idempotency-Key")) ? 503 : 202);
        });
        List<ConnectorRecord> left = IntStream.range(0, 200)
                .mapToObj(i -> (ConnectorRecord) event(i).attribute("subject", "k" + i % 5).build())
                .collect(Collectors.toCollection(ArrayList::new));
        for (int attempt = 0; attempt < 100 && !left.isEmpty(); attempt++) {
            List<ConnectorRecord> again = sink.put(left).stream().map(Failure::record).toList();
            left = new ArrayList<>(again);
        }
        for (int key = 0; key < 5; key++) {
            String name = "k" + key;
            List<Integer> order = server.taken("/in").stream().filter(seen -> seen.header("ce-subject").equals(name))
                    .map(seen -> Integer.parseInt(seen.header("Idempotency-Key").substring(2))).toList();
            assertEquals(40, order.size());
            assertEquals(order.stream().sorted().toList(), order);
        }
    }

    @Test
    void theServerSaysWhenToComeAgain() throws Exception {
        start();
        server.answer(seen -> new Target.Reply(429, "", Map.of("Retry-After", "9")));
        RetryableException error = assertInstanceOf(RetryableException.class, sink.put(events(0, 1)).get(0).error());
        assertEquals(Duration.ofSeconds(9), error.after().orElseThrow());
    }

    @Test
    void refusedCredentialsStopTheSink() throws Exception {
        start();
        server.answer(seen -> Target.Reply.of(401));
        assertThrows(FatalException.class, () -> sink.put(events(0, 3)));
    }

    @Test
    void statusesCanBeTriedAgain() throws Exception {
        start("retry-also", "404,409", "refused", "permanent");
        server.answer(seen -> Target.Reply.of(404));
        assertInstanceOf(RetryableException.class, sink.put(events(0, 1)).get(0).error());
        server.answer(seen -> Target.Reply.of(403));
        assertInstanceOf(PermanentException.class, sink.put(events(0, 1)).get(0).error());
    }

    @Test
    void requestsAreSigned() throws Exception {
        start("auth.type", "standard-webhooks", "auth.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        sink.put(events(1, 2));
        assertEquals("e-1", only().header("webhook-id"));
        assertTrue(only().header("webhook-signature").startsWith("v1,"));
    }

    @Test
    void aHostOfAnEventNeedsToBeAllowed() throws Exception {
        start("urls", "http://{subject}:" + server.port() + "/in", "allowed-hosts", "localhost,127.0.0.1");
        List<Failure> failures = sink.put(List.of(event(1).attribute("subject", "127.0.0.1").build(),
                event(2).attribute("subject", "evil.example.com").build(),
                event(3).attribute("subject", "169.254.169.254").build(),
                event(4).attribute("subject", "x@127.0.0.1").build()));
        assertEquals(4, failures.size(), "also the first: its address is private");
        failures.forEach(failure -> assertInstanceOf(PermanentException.class, failure.error()));
        assertTrue(server.all().isEmpty());
    }

    @Test
    void aPrivateHostOfAnEventCanBeAllowed() throws Exception {
        start("urls", "{/callback}", "allowed-hosts", "127.0.0.1", "allow-private", "true");
        ConnectorRecord event = event(1).text("{\"callback\":\"" + server.url("/in/deep?x=1") + "\"}").build();
        assertEquals(List.of(), sink.put(List.of(event)));
        assertEquals("/in/deep", only().path());
        assertEquals("x=1", only().query());
    }

    @Test
    void aTemplatedHostWithoutAListIsNoConfiguration() {
        List<ConfigProblem> problems = new HttpSink(Configs.of(HttpSinkConfig.class, "urls", "https://{subject}/x")).validate();
        assertEquals(List.of("allowed-hosts"), problems.stream().map(ConfigProblem::key).toList());
    }

    @Test
    void aRedirectFailsTheEventAndSaysSo() throws Exception {
        start();
        server.answer(seen -> new Target.Reply(301, "", Map.of("Location", "http://127.0.0.1:1/")));
        PermanentException error = assertInstanceOf(PermanentException.class, sink.put(events(0, 1)).get(0).error());
        assertTrue(error.getMessage().contains("redirect"), error::getMessage);
    }

    @Test
    void aMessageNamesTheReasonButNoSecret() throws Exception {
        start("urls", server.url("/s3cr3t-path?token=s3cr3t"), "auth.type", "bearer", "auth.token", "t0k3n");
        server.answer(seen -> new Target.Reply(400, "no field; you sent " + seen.header("Authorization"), Map.of()));
        String message = sink.put(events(0, 1)).get(0).error().getMessage();
        assertTrue(message.contains("400") && message.contains("no field"), message);
        assertFalse(message.contains("s3cr3t") || message.contains("t0k3n"), message);
    }

    @Test
    void doctorTellsRefusedCredentials() throws Exception {
        server.answer(seen -> Target.Reply.of(401));
        List<Check> checks = new HttpSink(Configs.of(HttpSinkConfig.class, "urls", server.url("/in"))).check();
        assertEquals(1, checks.size());
        assertFalse(checks.get(0).passed());
        assertEquals("look at connector.auth", checks.get(0).remedy());
    }
}
