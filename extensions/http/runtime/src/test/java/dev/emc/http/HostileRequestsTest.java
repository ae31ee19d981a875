package dev.emc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.junit.jupiter.api.Test;

import dev.emc.http.signature.Scheme;
import dev.emc.http.signature.Signer;
import dev.emc.testkit.Await;

/** Ten thousand requests of people who mean no good. */
class HostileRequestsTest {

    private static final int STORM = 10_000;
    private static final String SECRET = "the-s3cr3t-of-the-hook";
    private static final String HEAD = "POST /hook HTTP/1.1\r\nHost: h\r\n";
    private static final String BAD = "X-Hub-Signature-256: sha256=" + "00".repeat(32) + "\r\n";

    private final StringBuffer answers = new StringBuffer();
    private final AtomicInteger accepted = new AtomicInteger();

    private static List<String> attacks() {
        return List.of(
                HEAD + BAD + "Content-Length: 4\r\n\r\nevil",
                HEAD + "Content-Length: 4\r\n\r\nevil",
                HEAD + BAD + "X-Hub-Signature-256: sha256=ff\r\nContent-Length: 4\r\n\r\nevil",
                HEAD + BAD + "Content-Length: 99999999999\r\n\r\n" + "x".repeat(3000),
                HEAD + BAD + "Content-Length: 200000\r\n\r\n" + "x".repeat(200_000),
                HEAD + BAD + "Transfer-Encoding: chunked\r\n\r\nffffff\r\n" + "x".repeat(5000),
                HEAD + BAD + "Transfer-Encoding: chunked\r\n\r\nnonsense\r\nabc\r\n",
                HEAD + BAD + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\nX: " + "t".repeat(20_000),
                HEAD + BAD
                        + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\nHost: h\r\n\r\n",
                HEAD + "Transfer-Encoding: identity\r\nContent-Length: 30\r\n\r\nGET /hook HTTP/1.1\r\nHost: h\r\n\r\n",
                HEAD + "X-Evil: a\rSet-Cookie: b\r\nContent-Length: 0\r\n\r\n",
                HEAD + "X-Evil: a\n\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                HEAD + "WebHook-Request-Origin: a%0d%0aX-Injected: 1\r\nContent-Length: 0\r\n\r\n",
                "OPTIONS /hook HTTP/1.1\r\nHost: h\r\nWebHook-Request-Origin: evil\u0001\r\n\r\n",
                HEAD + "X: " + "y".repeat(40_000) + "\r\n\r\n",
                "GET /" + "../".repeat(200) + "etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /hook?" + "a=1&".repeat(8000) + " HTTP/1.1\r\nHost: h\r\n\r\n",
                "A".repeat(100_000),
                "\u0000\u0001\u0002\u00ff".repeat(500),
                HEAD + "Content-Length: 100\r\n\r\nhalf",
                "POST /hook HTT",
                "",
                HEAD + BAD + "Content-Type: application/cloudevents+json\r\nContent-Length: 3000\r\n\r\n" + "[".repeat(3000),
                HEAD + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nevil",
                HEAD + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n",
                HEAD + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: 0\r\n\r\n");
    }

    private void attack(int port, String attack, Random random) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
            socket.setSoTimeout(random.nextInt(50) + 1);
            socket.getOutputStream().write(attack.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            byte[] some = in.readNBytes(400);
            note(new String(some, StandardCharsets.ISO_8859_1));
        } catch (IOException closedOrSilent) {
            // as it should be
        }
    }

    private void note(String answer) {
        if (answer.startsWith("HTTP/1.1 2")) {
            accepted.incrementAndGet();
        }
        if (answers.length() < 1_000_000) {
            answers.append(answer);
        }
    }

    private void storm(int port, int count) throws InterruptedException {
        ExecutorService attackers = Executors.newFixedThreadPool(32);
        List<String> attacks = attacks();
        for (int i = 0; i < count; i++) {
            int number = i;
            attackers.execute(() -> attack(port, attacks.get(number % attacks.size()), new Random(number)));
        }
        attackers.shutdown();
        assertTrue(attackers.awaitTermination(120, TimeUnit.SECONDS));
    }

    private static long usedMemory() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(50);
            least = Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    @Test
    void tenThousandHostileRequestsChangeNothing() throws Exception {
        try (Log log = new Log();
                RunningSource source = new RunningSource("path", "/hook", "auth.scheme", "github", "auth.secrets", SECRET,
                        "server.max-body", "100000", "server.request-timeout", "2s", "server.idle-timeout", "2s",
                        "server.max-connections", 200)) {
            storm(source.port(), 1000);
            long before = usedMemory();
            List<Socket> slow = slowCallers(source.port());
            storm(source.port(), STORM - 1000);
            for (Socket socket : slow) {
                socket.close();
            }
            assertEquals(0, accepted.get(), "nothing is taken");
            assertTrue(source.records().isEmpty());
            Await.until("the server has let go of all", () -> source.source().connections() == 0
                    && source.source().buffered() == 0);
            answers.setLength(0);
            long after = usedMemory();
            assertTrue(after - before < 8 << 20, () -> "memory grew from " + before + " to " + after);
            assertFalse(log.text().contains(SECRET), "the log has the secret");
            assertTrue(log.text().length() < 2000, () -> "the log is full of it: " + log.text());
            assertGoodRequestIsTaken(source);
        }
    }

    /** What everybody logs who reads the log as it is by default. */
    private static final class Log extends Handler implements AutoCloseable {

        private final StringBuffer text = new StringBuffer();

        Log() {
            Logger.getLogger("").addHandler(this);
        }

        String text() {
            return text.toString();
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.INFO.intValue()) {
                text.append(line.getMessage()).append(line.getThrown()).append('\n');
            }
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            Logger.getLogger("").removeHandler(this);
        }
    }

    private static void assertGoodRequestIsTaken(RunningSource source) throws Exception {
        String signature = new Signer(Scheme.GITHUB, SECRET, null)
                .sign("", "good".getBytes(), Instant.now()).get("X-Hub-Signature-256");
        assertEquals(200, source.post("/hook", "good", "X-Hub-Signature-256", signature).statusCode());
    }

    /** Connections that say a little now and then, more than the server takes. */
    private static List<Socket> slowCallers(int port) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            Socket socket = new Socket("127.0.0.1", port);
            socket.getOutputStream().write("POST /hook HTTP/1.1\r\nHost: h\r\nX-Slow: ".getBytes());
            sockets.add(socket);
        }
        return sockets;
    }

    @Test
    void answersTellNoSecretAndTakeNoHeaders() throws Exception {
        try (RunningSource source = new RunningSource("path", "/hook", "auth.scheme", "github", "auth.secrets", SECRET,
                "webhook.origins", "*")) {
            storm(source.port(), 300);
            assertFalse(answers.toString().contains(SECRET));
            assertFalse(answers.toString().contains("X-Injected"));
            assertFalse(answers.toString().contains("Exception"));
        }
    }
}
