package dev.emc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;

import dev.emc.api.ConnectorRecord;
import dev.emc.testkit.Configs;
import dev.emc.testkit.SelfSigned;

/** Which version of HTTP is spoken to a server that speaks both. */
class HttpVersionTest {

    private final Map<String, String> versions = new ConcurrentHashMap<>();
    private Vertx vertx;
    private HttpServer server;
    private SelfSigned certificate;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        certificate = SelfSigned.create(folder, "server", "ip:127.0.0.1");
        vertx = Vertx.vertx();
        server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0).setSsl(true).setUseAlpn(true)
                .setKeyCertOptions(new PemKeyCertOptions().setCertPath(certificate.certificate().toString())
                        .setKeyPath(certificate.key().toString())));
        server.requestHandler(request -> request.body().onSuccess(body -> {
            versions.put(request.getHeader("ce-id") + "=" + body, request.version().name());
            request.response().setStatusCode(202).end();
        }));
        server.listen().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void send(String version) throws Exception {
        try (HttpSink sink = new HttpSink(
                Configs.of(HttpSinkConfig.class, "urls", "https://127.0.0.1:" + server.actualPort() + "/in", "tls.enabled",
                        "true", "tls.ca", certificate.certificate(), "http.version", version, "parallel", 16))) {
            sink.start(null);
            List<ConnectorRecord> events = IntStream.range(0, 200).mapToObj(i -> (ConnectorRecord) ConnectorRecord.builder()
                    .attribute("id", "e" + i).attribute("source", "s").attribute("type", "t").text("x" + i).build()).toList();
            assertEquals(List.of(), sink.put(events));
        }
    }

    @Test
    void aServerThatSpeaksHttp2IsSpokenToSo() throws Exception {
        send("auto");
        assertEquals(200, versions.size());
        assertEquals(List.of("HTTP_2"), versions.values().stream().distinct().toList());
    }

    @Test
    void theOlderVersionIsSpokenWhenAskedFor() throws Exception {
        send("http-1");
        assertEquals(200, versions.size());
        assertEquals(List.of("HTTP_1_1"), versions.values().stream().distinct().toList());
    }
}
