package dev.emc.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.Acknowledgement;
import dev.emc.api.ConfigProblem;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceRecord;
import dev.emc.http.signature.HmacSettings;
import dev.emc.http.signature.Scheme;
import dev.emc.http.signature.Signer;
import dev.emc.testkit.Await;
import dev.emc.testkit.Configs;

class PushSourceTest {

    private static final String EVENT = "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/s\",\"type\":\"t\",\"data\":{\"n\":%s}}";
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";

    private RunningSource source;

    @AfterEach
    void stop() throws Exception {
        if (source != null) {
            source.close();
        }
    }

    private void start(Object... keysAndValues) throws Exception {
        source = new RunningSource(keysAndValues);
    }

    private static String event(int number) {
        return EVENT.formatted("e-" + number, number);
    }

    private static void accept(SourceRecord record) {
        ((Acknowledgement) record.progress()).accepted();
    }

    private static void reject(SourceRecord record) {
        ((Acknowledgement) record.progress()).rejected(new RetryableException("the worker stops"));
    }

    @Test
    void aBinaryEventKeepsItsIdentity() throws Exception {
        start();
        assertEquals(200, source.post("/", "hello", "ce-specversion", "1.0", "ce-id", "1", "ce-source", "/s", "ce-type", "t",
                "ce-subject", "Euro %E2%82%AC %F0%9F%98%80", "ce-time", "2026-11-22T10:00:00+01:00", "ce-ext", "x",
                "content-type", "text/plain").statusCode());
        SourceRecord record = source.record();
        assertEquals(Map.of("id", "1", "source", "/s", "type", "t", "subject", "Euro € 😀", "ext", "x"), record.attributes());
        assertEquals(Instant.parse("2026-11-22T09:00:00Z"), record.timestamp());
        assertEquals("text/plain", record.contentType());
        assertEquals("hello", record.text());
    }

    @Test
    void aStructuredEventKeepsItsIdentity() throws Exception {
        start();
        assertEquals(200, source.post("/", event(1), "content-type", STRUCTURED + "; charset=utf-8").statusCode());
        assertEquals("e-1", source.record().id());
        assertEquals("{\"n\":1}", source.record().text());
    }

    @Test
    void theEventsOfABatchComeInOrder() throws Exception {
        start();
        assertEquals(200, source.post("/", "[" + event(1) + "," + event(2) + "]", "content-type", BATCH).statusCode());
        assertEquals(List.of("e-1", "e-2"), source.records().stream().map(SourceRecord::id).toList());
    }

    @Test
    void aBatchOfNothingIsTaken() throws Exception {
        start();
        assertEquals(200, source.post("/", "[]", "content-type", BATCH).statusCode());
    }

    @Test
    void aBatchIsAnsweredWhenAllOfItIsAccepted() throws Exception {
        start();
        List<SourceRecord> held = new CopyOnWriteArrayList<>();
        source.fate(held::add);
        CompletableFuture<HttpResponse<String>> answer = source.sendAsync(source.request("/").header("content-type", BATCH)
                .POST(HttpRequest.BodyPublishers.ofString("[" + event(1) + "," + event(2) + "]")));
        Await.until("both are read", () -> held.size() == 2);
        accept(held.get(0));
        Thread.sleep(100);
        assertFalse(answer.isDone());
        accept(held.get(1));
        assertEquals(200, answer.get(20, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void aBatchOfWhichOneIsRejectedIsToBeSentAgain() throws Exception {
        start();
        AtomicInteger count = new AtomicInteger();
        source.fate(record -> {
            if (count.incrementAndGet() == 1) {
                reject(record);
            } else {
                accept(record);
            }
        });
        HttpResponse<String> answer = source.post("/", "[" + event(1) + "," + event(2) + "]", "content-type", BATCH);
        assertEquals(503, answer.statusCode());
        assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
    }

    @Test
    void aBatchWithABadEventIsRefusedWhole() throws Exception {
        start();
        assertEquals(400, source.post("/", "[" + event(1) + ",{\"id\":\"2\"}]", "content-type", BATCH).statusCode());
        assertTrue(source.records().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Foo_Bar\":\"x\"", "\"\":\"x\"", "\"source\":\"a b\"", "\"dataschema\":\"a b\"",
            "\"id\":\"\\ud800\"",
            "\"ext\":\"\\udc00\"", "\"data_base64\":5"})
    void whatNoEventCanHaveIsRefused(String member) throws Exception {
        start();
        String bad = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"," + member + "}";
        assertEquals(400, source.post("/", bad, "content-type", STRUCTURED).statusCode());
        assertEquals(400, source.post("/", "[" + event(1) + "," + bad + "]", "content-type", BATCH).statusCode());
        assertTrue(source.records().isEmpty());
    }

    @Test
    void aSourceInHeadersThatIsNoUriIsRefused() throws Exception {
        start();
        assertEquals(400, source.post("/", "x", "ce-specversion", "1.0", "ce-id", "1", "ce-type", "t", "ce-source", "a%20b")
                .statusCode());
    }

    @Test
    void anAttributeWithAnEndlessNameIsRefused() throws Exception {
        start();
        String event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"" + "n".repeat(60_000)
                + "\":1}";
        HttpResponse<String> answer = source.post("/", event, "content-type", STRUCTURED);
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().length() < 500, answer.body());
    }

    @Test
    void whatGetsTooLongForTheMeshIsRefused() throws Exception {
        start();
        assertEquals(413, source.post("/", "\u0001".repeat(1_000_000), "content-type", "text/plain").statusCode());
        assertEquals(200, source.post("/", "\"".repeat(1_000_000), "content-type", "text/plain").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"iso-8859-1", "\"UTF-16\"", "no-such"})
    void eventsInAnotherCharsetAreRefused(String charset) throws Exception {
        start();
        assertEquals(415, source.post("/", event(1), "content-type", STRUCTURED + "; charset=" + charset).statusCode());
    }

    @Test
    void aPlainBodyBecomesAnEvent() throws Exception {
        start("headers.tenant", "X-Tenant");
        assertEquals(200, source.post("/?a=1&b=%20", "\u00e9\u0000", "content-type", "application/x-any", "X-Tenant", "acme")
                .statusCode());
        SourceRecord record = source.record();
        assertArrayEquals("\u00e9\u0000".getBytes(StandardCharsets.UTF_8), record.data());
        assertEquals("application/x-any", record.contentType());
        assertEquals("dev.emc.http.request", record.attribute("type"));
        assertEquals("/", record.attribute("source"));
        assertEquals("a=1&b=%20", record.attribute("httpquery"));
        assertEquals("POST", record.attribute("httpmethod"));
        assertEquals("acme", record.attribute("tenant"));
        assertNotNull(record.id());
        assertNotNull(record.timestamp());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Idempotency-Key", "webhook-id", "x-github-delivery"})
    void aRequestWithAnIdGivesItToItsEvent(String header) throws Exception {
        start();
        source.post("/", "x", header, "abc-1");
        assertEquals("abc-1", source.record().id());
    }

    @Test
    void aRequestWithoutAnIdGetsARandomOne() throws Exception {
        start();
        source.post("/", "x");
        source.post("/", "x");
        assertNotEquals(source.records().get(0).id(), source.records().get(1).id());
    }

    @Test
    void aFormBecomesAnObject() throws Exception {
        start();
        source.post("/", "a=1&b=x+y%26&a=2&c", "content-type", "application/x-www-form-urlencoded");
        assertEquals("{\"a\":[\"1\",\"2\"],\"b\":\"x y&\",\"c\":\"\"}", source.record().text());
        assertEquals("application/json", source.record().contentType());
    }

    @Test
    void aFormCanStayAsItIs() throws Exception {
        start("forms", "keep");
        source.post("/", "a=1", "content-type", "application/x-www-form-urlencoded");
        assertEquals("a=1", source.record().text());
    }

    @Test
    void nothingIsAnsweredBeforeTheMeshHasIt() throws Exception {
        start();
        List<SourceRecord> held = new CopyOnWriteArrayList<>();
        source.fate(held::add);
        CompletableFuture<HttpResponse<String>> answer = source
                .sendAsync(source.request("/").POST(HttpRequest.BodyPublishers.ofString("x")));
        Await.until("it is read", () -> held.size() == 1);
        Thread.sleep(100);
        assertFalse(answer.isDone());
        accept(held.get(0));
        assertEquals(200, answer.get(20, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void whatIsOnlyReceivedIsAnsweredAtOnce() throws Exception {
        start("answer", "received");
        source.fate(record -> {});
        assertEquals(202, source.post("/", "x").statusCode());
        assertEquals("x", source.record().text());
    }

    @Test
    void whatTheWorkerGivesUpIsToBeSentAgain() throws Exception {
        start();
        source.fate(PushSourceTest::reject);
        HttpResponse<String> answer = source.post("/", "x");
        assertEquals(503, answer.statusCode());
        assertEquals("application/problem+json", answer.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void callersAreSentAwayWhileNothingIsRead() throws Exception {
        start();
        source.pause(true);
        Await.until("it notices", () -> source.post("/", "x").statusCode() == 503);
        HttpResponse<String> answer = source.post("/", "x");
        assertEquals("5", answer.headers().firstValue("Retry-After").orElseThrow());
        source.pause(false);
        Await.until("it goes on", () -> source.post("/", "y").statusCode() == 200);
        assertTrue(source.records().stream().allMatch(record -> record.text().equals("y") || record.text().equals("x")));
    }

    @Test
    void tooManyCallersAreSlowedDown() throws Exception {
        start("max-waiting", 2);
        assertEquals(200, source.post("/", "0").statusCode());
        source.pause(true);
        List<CompletableFuture<HttpResponse<String>>> waiting = List.of(
                source.sendAsync(source.request("/").POST(HttpRequest.BodyPublishers.ofString("1"))),
                source.sendAsync(source.request("/").POST(HttpRequest.BodyPublishers.ofString("2"))));
        Await.until("two wait", () -> source.source().lag() == 2);
        assertEquals(429, source.post("/", "3").statusCode());
        source.pause(false);
        for (CompletableFuture<HttpResponse<String>> answer : waiting) {
            assertEquals(200, answer.get(20, TimeUnit.SECONDS).statusCode());
        }
    }

    @Test
    void otherPathsAreNotFound() throws Exception {
        start("path", "/hooks");
        assertEquals(404, source.post("/", "x").statusCode());
        assertEquals(404, source.post("/hooks/", "x").statusCode());
        assertEquals(200, source.post("/hooks", "x").statusCode());
    }

    @Test
    void otherMethodsAreRefusedAndTheRightOnesNamed() throws Exception {
        start();
        HttpResponse<String> answer = source.send(source.request("/").GET());
        assertEquals(405, answer.statusCode());
        assertEquals("POST, PUT, OPTIONS", answer.headers().firstValue("Allow").orElseThrow());
    }

    @Test
    void bodiesThatAreTooLongAreRefused() throws Exception {
        start("server.max-body", "10");
        assertEquals(413, source.post("/", "12345678901").statusCode());
    }

    @Test
    void whatCannotBeReadIsRefused() throws Exception {
        start();
        assertEquals(415, source.post("/", "x", "content-type", "application/cloudevents+avro").statusCode());
        assertEquals(415, source.post("/", "x", "content-encoding", "gzip").statusCode());
        assertEquals(400, source.post("/", "{", "content-type", STRUCTURED).statusCode());
        assertEquals(400, source.post("/", "x", "ce-specversion", "1.0", "ce-id", "1").statusCode());
        assertEquals(400, source.post("/", "x", "ce-specversion", "0.2", "ce-id", "1", "ce-source", "s", "ce-type", "t")
                .statusCode());
    }

    @Test
    void onlyEventsAreTakenWhenAskedFor() throws Exception {
        start("protocol", "cloudevent");
        assertEquals(415, source.post("/", "{}", "content-type", "application/json").statusCode());
        assertEquals(200, source.post("/", event(1), "content-type", STRUCTURED).statusCode());
    }

    @Test
    void eventsArePayloadWhenAskedFor() throws Exception {
        start("protocol", "common");
        source.post("/", event(1), "content-type", STRUCTURED);
        assertEquals(event(1), source.record().text());
    }

    @Test
    void eachPathHasItsTypeTopicAndCallers() throws Exception {
        start("auth.scheme", "bearer", "auth.secrets", "main-token", "routes.paths.orders", "/orders", "routes.types.orders",
                "order.created", "routes.topics.orders", "orders", "routes.paths.git", "/git", "routes.schemes.git", "github",
                "routes.secrets.git", "old new", "routes.paths.open", "/open", "routes.schemes.open", "none");
        assertEquals(401, source.post("/orders", "x").statusCode());
        assertEquals(200, source.post("/orders", "x", "Authorization", "Bearer main-token").statusCode());
        assertEquals("order.created", source.record().attribute("type"));
        assertEquals("orders", source.record().topic());
        assertEquals(401, source.post("/git", "x", "Authorization", "Bearer main-token").statusCode());
        String signature = new Signer(Scheme.GITHUB, "new", null).sign("", "x".getBytes(), Instant.now())
                .get("X-Hub-Signature-256");
        assertEquals(200, source.post("/git", "x", "X-Hub-Signature-256", signature).statusCode());
        assertNull(source.records().get(1).topic());
        assertEquals(200, source.post("/open", "x").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"github", "stripe", "slack", "standard-webhooks", "hmac"})
    void signedRequestsAreTakenAndOthersNot(String scheme) throws Exception {
        String secret = "c2VjcmV0LW9mLXRlc3Q=";
        start("auth.scheme", scheme, "auth.secrets", secret, "auth.header", "X-Sign");
        Signer signer = new Signer(Scheme.valueOf(scheme.toUpperCase().replace('-', '_')), secret,
                new HmacSettings("X-Sign", "", HmacSettings.Algorithm.SHA256, HmacSettings.Encoding.HEX));
        String[] headers = signer.sign("m-1", "good".getBytes(), Instant.now()).entrySet().stream()
                .flatMap(header -> List.of(header.getKey(), header.getValue()).stream()).toArray(String[]::new);
        assertEquals(200, source.post("/", "good", headers).statusCode());
        HttpResponse<String> refused = source.post("/", "evil", headers);
        assertEquals(401, refused.statusCode());
        assertFalse(refused.body().contains(secret));
        assertEquals(401, source.post("/", "good").statusCode());
        assertEquals(1, source.records().size());
    }

    @Test
    void unknownCallersAreToldHowToShowWhoTheyAre() throws Exception {
        start("auth.scheme", "basic", "auth.user", "u", "auth.password", "p");
        HttpResponse<String> answer = source.post("/", "x");
        assertEquals(401, answer.statusCode());
        assertTrue(answer.headers().firstValue("WWW-Authenticate").orElseThrow().startsWith("Basic "));
        assertEquals(200, source.post("/", "x", "Authorization", "Basic dTpw").statusCode());
    }

    @Test
    void aWebhookOfGitHubHasItsDeliveryAndEvent() throws Exception {
        start("protocol", "github", "auth.secrets", "It's a Secret to Everybody");
        assertEquals(200, source.post("/", "Hello, World!", "X-GitHub-Event", "push", "X-GitHub-Delivery", "72d3162e",
                "X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17").statusCode());
        assertEquals("com.github.push", source.record().attribute("type"));
        assertEquals("72d3162e", source.record().id());
        assertEquals(401, source.post("/", "Hello, World?", "X-Hub-Signature-256",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17").statusCode());
    }

    private HttpResponse<String> handshake(String origin) throws Exception {
        return source.send(source.request("/").header("WebHook-Request-Origin", origin).method("OPTIONS",
                HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void anOriginThatMaySendIsGranted() throws Exception {
        start("webhook.origins", "events.example.com,other.example.com", "webhook.rate", 120);
        HttpResponse<String> granted = handshake("events.example.com");
        assertEquals(200, granted.statusCode());
        assertEquals("events.example.com", granted.headers().firstValue("WebHook-Allowed-Origin").orElseThrow());
        assertEquals("120", granted.headers().firstValue("WebHook-Allowed-Rate").orElseThrow());
        assertEquals(403, handshake("evil.example.com").statusCode());
    }

    @Test
    void noOriginIsGrantedByDefault() throws Exception {
        start();
        HttpResponse<String> refused = handshake("events.example.com");
        assertEquals(403, refused.statusCode());
        assertTrue(refused.headers().firstValue("WebHook-Allowed-Origin").isEmpty());
    }

    @Test
    void aLargeBatchIsReadInPortions() throws Exception {
        start();
        StringBuilder batch = new StringBuilder("[");
        for (int i = 0; i < 250; i++) {
            batch.append(i == 0 ? "" : ",").append(event(i));
        }
        assertEquals(200, source.post("/", batch + "]", "content-type", BATCH).statusCode());
        assertEquals(250, source.records().size());
    }

    @Test
    void whoWaitsWhenItClosesIsToSendAgain() throws Exception {
        start();
        source.pause(true);
        CompletableFuture<HttpResponse<String>> answer = source
                .sendAsync(source.request("/").POST(HttpRequest.BodyPublishers.ofString("x")));
        Await.until("it waits", () -> source.source().lag() == 1);
        source.close();
        source = null;
        assertEquals(503, answer.get(20, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void aPathThatIsNoUriIsNoConfiguration() {
        for (String path : List.of("/a|b", "/%zz", "/{id}", "/a\\b")) {
            List<ConfigProblem> problems = new HttpSource(Configs.of(HttpSourceConfig.class, "path", path)).validate();
            assertEquals(List.of("path"), problems.stream().map(ConfigProblem::key).toList(), path);
        }
    }
}
