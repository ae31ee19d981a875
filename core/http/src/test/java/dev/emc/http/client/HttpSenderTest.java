package dev.emc.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.http.client.HttpSender.Refusal;

class HttpSenderTest {

    /** Answers a request, with what {@code reply} says. */
    private interface Page {
        void serve(HttpExchange exchange, String body) throws Exception;
    }

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private HttpSender sender;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(threads);
        server.start();
        sender = new HttpSender(ClientSettings.defaults(), Auth.none());
    }

    @AfterEach
    void stop() {
        sender.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void use(ClientSettings settings, Auth auth) {
        sender.close();
        sender = new HttpSender(settings, auth);
    }

    private void serve(String path, Page page) {
        server.createContext(path, exchange -> {
            try (exchange) {
                page.serve(exchange, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        });
    }

    private static void reply(HttpExchange exchange, int status, String body, String... headers) throws IOException {
        for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void answer(int status, String body, String... headers) {
        serve("/", (exchange, sent) -> {
            seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + sent + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            reply(exchange, status, body, headers);
        });
    }

    private Request.Builder request(String method, String path) {
        return Request.of(method, URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path));
    }

    private ConnectorException failure(Refusal refusal) {
        return assertThrows(ConnectorException.class, () -> sender.send(request("POST", "/a?q=1").body("x").build(), refusal));
    }

    @Test
    void aRequestArrivesAsItIs() throws Exception {
        answer(200, "thanks");
        assertEquals("thanks", sender.send(request("PATCH", "/a%20b?q=1&q=%26").body("hello").build(), Refusal.FATAL).text());
        assertEquals(List.of("PATCH /a%20b?q=1&q=%26 hello null"), seen);
    }

    @Test
    void anySuccessIsOne() throws Exception {
        answer(202, "");
        assertEquals(202, sender.send(request("POST", "/").build(), Refusal.FATAL).status());
    }

    @Test
    void overloadIsRetryableAfterWhatTheServerSays() {
        answer(429, "slow down", "Retry-After", "7");
        RetryableException later = assertInstanceOf(RetryableException.class, failure(Refusal.FATAL));
        assertEquals(Duration.ofSeconds(7), later.after().orElseThrow());
    }

    @Test
    void failuresOfTheServerAreRetryable() {
        answer(503, "");
        RetryableException later = assertInstanceOf(RetryableException.class, failure(Refusal.FATAL));
        assertTrue(later.after().isEmpty());
    }

    @Test
    void refusedCredentialsAreFatal() {
        answer(401, "who are you?");
        assertInstanceOf(FatalException.class, failure(Refusal.FATAL));
    }

    @Test
    void refusedCredentialsAreWhatIsAskedFor() {
        answer(403, "");
        assertInstanceOf(RetryableException.class, failure(Refusal.RETRY));
        assertInstanceOf(PermanentException.class, failure(Refusal.PERMANENT));
    }

    @Test
    void aRefusedRecordIsBadForGoodAndTheMessageSaysWhy() {
        answer(422, "{\"error\":\"no such\nfield\"}", "Content-Type", "application/json");
        ConnectorException error = assertInstanceOf(PermanentException.class, failure(Refusal.FATAL));
        assertEquals("POST http://127.0.0.1:" + server.getAddress().getPort()
                + "/a is answered with 422: {\"error\":\"no such field\"}", error.getMessage());
    }

    @Test
    void messagesHaveNoSecrets() {
        use(ClientSettings.defaults(), Auth.bearer("s3cr3t-token"));
        serve("/", (exchange, sent) -> reply(exchange, 400, "bad: " + exchange.getRequestHeaders().getFirst("Authorization")));
        String message = failure(Refusal.FATAL).getMessage();
        assertFalse(message.contains("s3cr3t"), message);
        assertFalse(message.contains("q=1"), message);
    }

    @Test
    void redirectsAreNotFollowed() {
        answer(302, "", "Location", "/elsewhere");
        assertTrue(assertInstanceOf(PermanentException.class, failure(Refusal.FATAL)).getMessage().contains("redirect"));
        assertEquals(1, seen.size());
    }

    @Test
    void redirectsToTheSameHostAreFollowedWhenAskedFor() throws Exception {
        use(new ClientSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), 1000, false, true, null, null, null, null),
                Auth.bearer("t"));
        serve("/old", (exchange, sent) -> reply(exchange, 308, "", "Location", "/new"));
        serve("/new", (exchange, sent) -> reply(exchange, 200,
                sent + exchange.getRequestHeaders().getFirst("Authorization")));
        assertEquals("xBearer t", sender.send(request("POST", "/old").body("x").build(), Refusal.FATAL).text());
    }

    @Test
    void redirectsToAnotherHostAreNeverFollowed() throws Exception {
        use(new ClientSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), 1000, false, true, null, null, null, null),
                Auth.bearer("t"));
        serve("/old", (exchange, sent) -> reply(exchange, 307, "", "Location",
                "http://localhost:" + server.getAddress().getPort() + "/new"));
        assertEquals(307, sender.exchange(request("POST", "/old").build()).status());
    }

    @Test
    void aSlowAnswerIsGivenUp() {
        use(ClientSettings.defaults().withTimeout(Duration.ofMillis(300)), Auth.none());
        CountDownLatch end = new CountDownLatch(1);
        serve("/", (exchange, sent) -> end.await());
        assertTrue(assertInstanceOf(RetryableException.class, failure(Refusal.FATAL)).getMessage()
                .contains("has not answered within 300 ms"));
        end.countDown();
    }

    @Test
    void anAnswerThatTricklesInIsGivenUp() {
        use(ClientSettings.defaults().withTimeout(Duration.ofMillis(500)), Auth.none());
        serve("/", (exchange, sent) -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            Thread.sleep(5000);
        });
        assertInstanceOf(RetryableException.class, failure(Refusal.FATAL));
    }

    @Test
    void aLongAnswerIsCut() throws Exception {
        use(new ClientSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), 1000, false, false, null, null, null, null),
                Auth.none());
        answer(200, "y".repeat(3_000_000));
        Response response = sender.exchange(request("GET", "/").build());
        assertTrue(response.truncated());
        assertEquals(1000, response.body().length);
    }

    @Test
    void aServerThatIsNotThereIsRetryable() throws Exception {
        URI nobody = request("GET", "/").build().uri();
        server.stop(0);
        ConnectorException error = assertThrows(RetryableException.class,
                () -> sender.exchange(Request.of("GET", nobody).build()));
        assertTrue(error.getMessage().contains("can't be reached: connection refused"), error::getMessage);
    }

    @Test
    void aHostThatIsUnknownIsNamed() {
        ConnectorException error = assertThrows(RetryableException.class,
                () -> sender.exchange(Request.of("GET", URI.create("http://nowhere.invalid/")).build()));
        assertTrue(error.getMessage().contains("nowhere.invalid"), error::getMessage);
    }

    @Test
    void basicCredentialsAreSent() throws Exception {
        use(ClientSettings.defaults(), Auth.basic("Aladdin", "open sesame"));
        answer(200, "");
        sender.send(request("GET", "/").build(), Refusal.FATAL);
        assertTrue(seen.get(0).endsWith("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), seen::toString);
    }

    /** A token server that gives t-1, t-2, …, and a page that takes the newest only. */
    private AtomicInteger serveTokens(int expiresIn) {
        AtomicInteger tokens = new AtomicInteger();
        serve("/token", (exchange, sent) -> {
            seen.add(sent + " " + exchange.getRequestHeaders().getFirst("Authorization"));
            reply(exchange, 200,
                    "{\"access_token\":\"t-" + tokens.incrementAndGet() + "\",\"token_type\":\"Bearer\",\"expires_in\":"
                            + expiresIn + "}");
        });
        serve("/page", (exchange, sent) -> {
            boolean current = ("Bearer t-" + tokens.get()).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            reply(exchange, current ? 200 : 401, current ? "yes" : "expired");
        });
        use(ClientSettings.defaults(),
                Auth.oauth2(request("GET", "/token").build().uri(), "id", "s&cret", "a b", null, false));
        return tokens;
    }

    @Test
    void aTokenIsFetchedOnceAndKept() throws Exception {
        AtomicInteger tokens = serveTokens(3600);
        for (int i = 0; i < 5; i++) {
            sender.send(request("POST", "/page").build(), Refusal.FATAL);
        }
        assertEquals(1, tokens.get());
        assertEquals("grant_type=client_credentials&scope=a+b Basic aWQ6cyUyNmNyZXQ=", seen.get(0));
    }

    @Test
    void anExpiredTokenIsReplaced() throws Exception {
        AtomicInteger tokens = serveTokens(1);
        sender.send(request("POST", "/page").build(), Refusal.FATAL);
        Thread.sleep(1100);
        sender.send(request("POST", "/page").build(), Refusal.FATAL);
        assertEquals(2, tokens.get());
    }

    @Test
    void aRefusedTokenIsReplacedOnce() throws Exception {
        AtomicInteger tokens = serveTokens(3600);
        sender.send(request("POST", "/page").build(), Refusal.FATAL);
        tokens.addAndGet(10); // as if the server had forgotten it
        Thread.sleep(5100); // a token younger than that isn't asked for again
        sender.send(request("POST", "/page").build(), Refusal.FATAL);
        assertEquals(12, tokens.get());
    }

    @Test
    void aTokenThatIsRefusedToSeveralAtATimeIsReplacedOnce() throws Exception {
        AtomicInteger tokens = serveTokens(3600);
        sender.send(request("POST", "/page").build(), Refusal.FATAL);
        tokens.addAndGet(10);
        Thread.sleep(5100);
        List<ParallelSends.Item<Integer>> items = IntStream.range(0, 20)
                .mapToObj(i -> new ParallelSends.Item<>(i, null, request("POST", "/page").build())).toList();
        assertEquals(20, ParallelSends.send(sender, Refusal.FATAL, 8, items).stream()
                .filter(result -> result.error() == null).count());
        assertEquals(12, tokens.get());
    }

    @Test
    void aTokenServerThatRefusesIsFatal() {
        serve("/token", (exchange, sent) -> reply(exchange, 401, "{\"error\":\"invalid_client s&cret\"}"));
        use(ClientSettings.defaults(),
                Auth.oauth2(request("GET", "/token").build().uri(), "id", "s&cret", null, null, true));
        ConnectorException error = assertInstanceOf(FatalException.class, failure(Refusal.FATAL));
        assertFalse(error.getMessage().contains("s&cret"), error::getMessage);
        assertTrue(error.getMessage().contains("invalid_client"), error::getMessage);
    }

    private List<ParallelSends.Result<Integer>> sendAll(int parallel, int count, int keys) throws Exception {
        List<ParallelSends.Item<Integer>> items = IntStream.range(0, count)
                .mapToObj(i -> new ParallelSends.Item<>(i, keys == 0 ? null : (Object) (i % keys),
                        request("POST", "/p").body(Integer.toString(i)).build()))
                .toList();
        return ParallelSends.send(sender, Refusal.FATAL, parallel, items);
    }

    @Test
    void manyAreSentAtATimeAndNoMoreThanAllowed() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        serve("/p", (exchange, sent) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.sleep(20);
            now.decrementAndGet();
            reply(exchange, 200, "");
        });
        List<ParallelSends.Result<Integer>> results = sendAll(4, 40, 0);
        assertEquals(40, results.stream().filter(result -> result.error() == null).count());
        assertTrue(most.get() > 1 && most.get() <= 4, () -> most + " at a time");
    }

    @Test
    void thoseOfOneKeyAreSentInOrder() throws Exception {
        serve("/p", (exchange, sent) -> {
            seen.add(sent);
            reply(exchange, 200, "");
        });
        sendAll(8, 60, 3);
        for (int key = 0; key < 3; key++) {
            int k = key;
            List<Integer> order = seen.stream().map(Integer::parseInt).filter(i -> i % 3 == k).toList();
            assertEquals(order.stream().sorted().toList(), order);
        }
    }

    @Test
    void whatIsBehindAFailureOfTheSameKeyWaits() throws Exception {
        serve("/p", (exchange, sent) -> {
            seen.add(sent);
            reply(exchange, sent.equals("4") ? 503 : 200, "");
        });
        List<ParallelSends.Result<Integer>> results = sendAll(4, 20, 2);
        assertEquals(12, results.stream().filter(result -> result.error() == null).count());
        results.stream().filter(result -> result.error() != null)
                .forEach(result -> assertTrue(result.item().subject() >= 4 && result.item().subject() % 2 == 0));
        assertFalse(seen.contains("6"));
    }

    @Test
    void aBadRecordDoesNotHoldUpThoseBehindIt() throws Exception {
        serve("/p", (exchange, sent) -> reply(exchange, sent.equals("4") ? 400 : 200, ""));
        List<ParallelSends.Result<Integer>> results = sendAll(4, 20, 2);
        assertEquals(19, results.stream().filter(result -> result.error() == null).count());
    }

    @Test
    void aProxyIsUsed() throws Exception {
        answer(200, "from the proxy");
        use(new ClientSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), 1000, false, false,
                request("GET", "").build().uri(),
                null, null, null), Auth.none());
        assertEquals("from the proxy",
                sender.send(Request.of("GET", URI.create("http://example.invalid/x")).build(), Refusal.FATAL).text());
    }

    @Test
    void noThreadIsLeft() throws Exception {
        answer(200, "");
        sender.send(request("GET", "/").build(), Refusal.FATAL);
        sender.close();
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (clientThreads() > 0 && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertEquals(0, clientThreads());
    }

    private static long clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("HttpClient-") || thread.getName().equals("http-client")).count();
    }

    @Test
    void aHeaderThatWouldBeginAnotherIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> request("GET", "/").header("X", "a\r\nEvil: 1"));
        assertThrows(IllegalArgumentException.class, () -> request("GET", "/").header("X: 1\r\nY", "a"));
        assertThrows(IllegalArgumentException.class, () -> request("GET", "/").header("Transfer-Encoding", "chunked"));
    }

    @Test
    void headersReplaceThoseOfTheirName() {
        Request request = request("GET", "/").header("A", "1").header("a", "2").build();
        assertEquals("2", request.header("A"));
        assertNull(request.header("B"));
        assertNotEquals(request.headers().get("A"), "1");
    }
}
