package dev.emc.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest {

    private static final String HOST = "Host: h\r\n";

    private final BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();
    private Function<RequestHead, Answer> admit = head -> null;
    private Consumer<Exchange> handle = exchange -> exchange
            .answer(Answer.text(200, "text/plain", new String(exchange.body(), StandardCharsets.UTF_8)));
    private WebServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void start(ServerSettings settings) throws IOException {
        server = new WebServer(settings, new Service() {
            @Override
            public Answer admit(RequestHead head) {
                return admit.apply(head);
            }

            @Override
            public void handle(Exchange exchange) {
                handle.accept(exchange);
            }

            @Override
            public Answer late(Exchange exchange) {
                return Answer.later(503, "come again", Duration.ofSeconds(1));
            }
        });
        server.start();
    }

    private void start() throws IOException {
        start(ServerSettings.of("127.0.0.1", 0));
    }

    private RawClient client() throws IOException {
        return new RawClient(server.port());
    }

    private static String post(String body, String... headers) {
        return "POST /x HTTP/1.1\r\n" + HOST + String.join("", headers) + "Content-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private Exchange taken() throws InterruptedException {
        Exchange exchange = waiting.poll(10, TimeUnit.SECONDS);
        assertTrue(exchange != null, "no request came");
        return exchange;
    }

    @Test
    void aRequestIsHandedOverWhole() throws Exception {
        handle = waiting::add;
        start();
        try (RawClient client = client()) {
            client.send("PUT /a%20b?q=1&q=2 HTTP/1.1\r\n" + HOST + "X-A: 1\r\nx-a: 2\r\nContent-Type: Text/Plain;a=b\r\n"
                    + "Content-Length: 2\r\n\r\nhi");
            Exchange exchange = taken();
            assertEquals("PUT", exchange.head().method());
            assertEquals("/a%20b", exchange.head().path());
            assertEquals("q=1&q=2", exchange.head().query());
            assertEquals(List.of("1", "2"), exchange.head().headers().allValues("X-A"));
            assertEquals("text/plain", exchange.head().mediaType());
            assertEquals("hi", new String(exchange.body(), StandardCharsets.UTF_8));
            exchange.answer(Answer.empty(202));
            assertEquals(202, client.status());
        }
    }

    @Test
    void aDefectIsAnsweredWith500AndTheNextRequestIsTaken() throws Exception {
        handle = exchange -> {
            if (exchange.body().length == 0) {
                throw new IllegalStateException("a defect");
            }
            exchange.answer(Answer.empty(200));
        };
        start();
        try (RawClient client = client()) {
            String answer = client.send(post("")).answer();
            assertTrue(answer.startsWith("HTTP/1.1 500 "), answer);
            assertFalse(answer.contains("a defect"), answer);
            assertEquals(200, client.send(post("x")).status());
        }
    }

    @Test
    void aConnectionTakesOneRequestAfterTheOther() throws Exception {
        start();
        try (RawClient client = client()) {
            for (int i = 0; i < 100; i++) {
                assertTrue(client.send(post("body " + i)).answer().endsWith("body " + i));
            }
        }
    }

    @Test
    void requestsSentAheadAreAnsweredInOrder() throws Exception {
        start();
        try (RawClient client = client()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                all.append(post("ahead " + i));
            }
            client.send(all.toString());
            for (int i = 0; i < 200; i++) {
                assertTrue(client.answer().endsWith("ahead " + i));
            }
        }
    }

    @Test
    void verySmallRequestsSentAheadAreNotHandledOneWithinTheOther() throws Exception {
        start();
        try (RawClient client = client()) {
            String one = "PUT / HTTP/1.1\r\nHost:\r\n\r\n";
            client.send(one.repeat(5000));
            for (int i = 0; i < 5000; i++) {
                assertEquals(200, client.status());
            }
        }
    }

    @Test
    void requestsSentAheadWaitForTheAnswerOfTheFirst() throws Exception {
        handle = waiting::add;
        start();
        try (RawClient client = client()) {
            client.send(post("1") + post("2"));
            Exchange first = taken();
            assertEquals(null, waiting.poll(200, TimeUnit.MILLISECONDS));
            first.answer(Answer.empty(200));
            taken().answer(Answer.empty(201));
            assertEquals(200, client.status());
            assertEquals(201, client.status());
        }
    }

    @Test
    void chunksBecomeABody() throws Exception {
        start();
        try (RawClient client = client()) {
            client.send("POST / HTTP/1.1\r\n" + HOST
                    + "Transfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n"
                    + "0\r\nTrailer: x\r\n\r\n");
            assertTrue(client.answer().endsWith("hello world"));
            assertTrue(client.send(post("again")).answer().endsWith("again"));
        }
    }

    @Test
    void aBodyIsAskedForWhenItsSenderWaits() throws Exception {
        start();
        try (RawClient client = client()) {
            client.send("POST / HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertEquals(100, client.status());
            assertTrue(client.send("ok").answer().endsWith("ok"));
        }
    }

    @Test
    void aRefusedRequestWithAShortBodyLeavesTheConnectionOpen() throws Exception {
        admit = head -> head.path().equals("/no") ? Answer.problem(404, "there is no \"/no\" here") : null;
        start();
        try (RawClient client = client()) {
            String answer = client.send("POST /no HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\n12").answer();
            assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
            assertTrue(answer.endsWith("{\"status\":404,\"detail\":\"there is no \\\"/no\\\" here\"}\n"), answer);
            assertTrue(client.send("345" + post("next")).answer().endsWith("next"));
        }
    }

    @Test
    void aBodyThatIsSaidToBeTooLongIsRefusedAtOnce() throws Exception {
        start(ServerSettings.of("127.0.0.1", 0).withLimits(1000, 10, 1 << 20));
        try (RawClient client = client()) {
            assertEquals(413, client.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 1001\r\n\r\n").status());
        }
    }

    @Test
    void aBodyThatBecomesTooLongIsRefused() throws Exception {
        start(ServerSettings.of("127.0.0.1", 0).withLimits(1000, 10, 1 << 20));
        try (RawClient client = client()) {
            client.send("POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 11; i++) {
                client.send("64\r\n" + "x".repeat(100) + "\r\n");
            }
            assertEquals(413, client.status());
            assertTrue(client.isClosed());
        }
        assertEquals(0, server.buffered());
    }

    @Test
    void theLongestBodyIsTaken() throws Exception {
        start(ServerSettings.of("127.0.0.1", 0).withLimits(100_000, 10, 1 << 20));
        try (RawClient client = client()) {
            assertEquals(200, client.send(post("x".repeat(100_000))).status());
        }
        assertEquals(0, server.buffered());
    }

    @Test
    void moreBodiesThanThereIsRoomForAreRefused() throws Exception {
        handle = waiting::add;
        start(ServerSettings.of("127.0.0.1", 0).withLimits(1000, 100, 2500));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            RawClient client = client();
            clients.add(client.send(post("x".repeat(1000))));
            taken();
        }
        try (RawClient third = client()) {
            String answer = third.send(post("x".repeat(1000))).answer();
            assertTrue(answer.startsWith("HTTP/1.1 503 ") && answer.toLowerCase().contains("retry-after: 1"), answer);
        }
        for (RawClient client : clients) {
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n123456",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 6\r\n\r\n123456",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\n12345",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n12345",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x5\r\n\r\n12345",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloworld\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello\r\n0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\nX: a\u0000b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\nX\u0001: a\r\n\r\n",
            "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET / HTTP/9.9\r\nHost: h\r\n\r\n",
            "GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET /\u00e9 HTTP/1.1\r\nHost: h\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "CONNECT other:443 HTTP/1.1\r\nHost: h\r\n\r\n",
            "nonsense\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\r\n\r\n"})
    void whatIsNoClearRequestIsRefusedAndTheConnectionEnds(String bytes) throws Exception {
        start();
        try (RawClient client = client()) {
            int status = client.send(bytes).status();
            assertTrue(status == 400 || status == -1, () -> "answered with " + status);
            assertTrue(client.isClosed());
        }
    }

    @Test
    void headersThatAreTooLongAreRefused() throws Exception {
        start();
        try (RawClient client = client()) {
            assertEquals(431, client.send("GET / HTTP/1.1\r\n" + HOST + "X: " + "y".repeat(20_000) + "\r\n\r\n").status());
        }
        try (RawClient client = client()) {
            assertEquals(414, client.send("GET /" + "y".repeat(20_000) + " HTTP/1.1\r\n" + HOST + "\r\n").status());
        }
    }

    @Test
    void aHeadThatTricklesInIsGivenUp() throws Exception {
        start(ServerSettings.of("127.0.0.1", 0).withTimeouts(Duration.ofMillis(600), Duration.ofMillis(600),
                Duration.ofSeconds(5)));
        try (RawClient client = client()) {
            client.send("GET / HTTP/1.1\r\n");
            long begin = System.nanoTime();
            assertThrows(IOException.class, () -> {
                while (System.nanoTime() - begin < Duration.ofSeconds(20).toNanos()) {
                    client.send("X");
                    Thread.sleep(50);
                }
            });
        }
    }

    @Test
    void aBodyThatDoesNotComeIsGivenUpWith408() throws Exception {
        start(ServerSettings.of("127.0.0.1", 0).withTimeouts(Duration.ofMillis(600), Duration.ofSeconds(9),
                Duration.ofSeconds(5)));
        try (RawClient client = client()) {
            client.send("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\n12");
            assertEquals(408, client.status());
            assertTrue(client.isClosed());
        }
    }

    @Test
    void anAnswerThatTakesTooLongIsReplaced() throws Exception {
        handle = waiting::add;
        start(ServerSettings.of("127.0.0.1", 0).withTimeouts(Duration.ofSeconds(9), Duration.ofSeconds(9),
                Duration.ofMillis(400)));
        try (RawClient client = client()) {
            assertEquals(503, client.send(post("slow")).status());
            Exchange exchange = taken();
            assertTrue(exchange.isOver());
            exchange.answer(Answer.empty(200)); // too late: must not be taken for the next one's
            client.send(post("next"));
            taken().answer(Answer.empty(201));
            assertEquals(201, client.status());
        }
    }

    @Test
    void ofTooManyConnectionsTheLongestIdleGoes() throws Exception {
        start(ServerSettings.of("127.0.0.1", 0).withLimits(1000, 3, 1 << 20));
        List<RawClient> idle = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            idle.add(client());
            assertEquals(200, idle.get(i).send(post("x")).status());
        }
        try (RawClient more = client()) {
            assertEquals(200, more.send(post("y")).status());
        }
        assertTrue(idle.get(0).isClosed());
        for (RawClient client : idle) {
            client.close();
        }
    }

    @Test
    void drainingAnswersWhatIsThereAndTakesNoMore() throws Exception {
        handle = waiting::add;
        start();
        try (RawClient client = client(); RawClient idle = client()) {
            idle.send(post("1"));
            taken().answer(Answer.empty(200));
            assertEquals(200, idle.status());
            client.send(post("2"));
            Exchange exchange = taken();
            server.drain();
            assertTrue(idle.isClosed());
            assertThrows(IOException.class, () -> client().close());
            exchange.answer(Answer.empty(202));
            String answer = client.answer();
            assertTrue(answer.startsWith("HTTP/1.1 202 ") && answer.toLowerCase().contains("connection: close"), answer);
            assertTrue(client.isClosed());
        }
    }

    @Test
    void headIsAnsweredWithoutABody() throws Exception {
        admit = head -> Answer.text(405, "text/plain", "no");
        start();
        try (RawClient client = client()) {
            client.send("HEAD / HTTP/1.1\r\n" + HOST + "\r\n" + "HEAD / HTTP/1.1\r\nConnection: close\r\n" + HOST + "\r\n");
            // the second answer would not be found if the first one had a body
            assertTrue(client.isClosed());
        }
        HttpResponse<String> head = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/")).method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(405, head.statusCode());
    }

    @Test
    void aTakenPortIsSaidToBe() throws Exception {
        start();
        WebServer second = new WebServer(ServerSettings.of("127.0.0.1", server.port()), null);
        IOException taken = assertThrows(IOException.class, second::start);
        assertTrue(taken.getMessage().contains("is taken by another process"), taken::getMessage);
    }

    @Test
    void callersThatGoAwayLeaveNothing() throws Exception {
        handle = waiting::add;
        start();
        for (int i = 0; i < 50; i++) {
            try (RawClient client = client()) {
                client.send(
                        i % 2 == 0 ? post("x".repeat(1000)) : "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 9\r\n\r\nabc");
            }
        }
        for (int i = 0; i < 25; i++) {
            taken().answer(Answer.empty(200));
        }
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while ((server.connections() > 0 || server.buffered() > 0) && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertEquals(0, server.connections());
        assertEquals(0, server.buffered());
        assertFalse(server.isDraining());
    }
}
