package dev.emc.core.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;

import com.sun.net.httpserver.HttpServer;

import io.opentelemetry.api.trace.SpanKind;

import dev.emc.api.ConnectorRecord;

class SpanSenderTest {

    private record Request(String path, String type, String authorization, String body) {}

    private final List<Request> requests = new CopyOnWriteArrayList<>();

    @Test
    void spansAreSentByOtlpOverHttp() throws Exception {
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            requests.add(new Request(exchange.getRequestURI().getPath(), exchange.getRequestHeaders().getFirst("Content-Type"),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1)));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try {
            send("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces");
        } finally {
            collector.stop(0);
        }

        assertEquals(1, requests.size());
        assertEquals("/v1/traces", requests.get(0).path);
        assertEquals("application/x-protobuf", requests.get(0).type);
        assertEquals("Bearer x", requests.get(0).authorization);
        assertTrue(requests.get(0).body.contains("send orders") && requests.get(0).body.contains("service.name"),
                requests.get(0).body);
    }

    @Test
    void aCollectorThatIsBusyGetsThemAgain() throws Exception {
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            requests.add(new Request(exchange.getRequestURI().getPath(), null, null,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1)));
            exchange.sendResponseHeaders(requests.size() == 1 ? 503 : 200, -1);
            exchange.close();
        });
        collector.start();
        try {
            send("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces");
        } finally {
            collector.stop(0);
        }

        assertEquals(2, requests.size());
        assertEquals(requests.get(0).body, requests.get(1).body);
    }

    @Test
    void aCollectorThatIsNotThereStopsNobody() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        long begin = System.nanoTime();
        send("http://127.0.0.1:" + port + "/v1/traces");

        assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 10);
    }

    private static void send(String endpoint) {
        TracingSettings settings = new TracingSettings(URI.create(endpoint), Map.of("Authorization", "Bearer x"),
                Map.of("service.name", "worker"), 1, 100);
        try (Spans spans = new Spans(settings, new SpanSender(settings))) {
            spans.begin(ConnectorRecord.builder().attribute("id", "1").build(), "send", SpanKind.PRODUCER, "orders").end();
        }
    }
}
