package dev.emc.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpServer;

/** The trace of an event on its way from a source by the mesh to a sink. */
class TracesTest {

    private static final String CONTEXT = "\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\","
            + "\"tracestate\":\"a=b\"";

    @TempDir
    Path folder;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    @Test
    void bothSidesSendTheirSpansAndTheEventCarriesTheContext() throws Exception {
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            requests.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try (Pipeline pipeline = new Pipeline(folder, "tracing: {enabled: true, endpoint: 'http://127.0.0.1:"
                + collector.getAddress().getPort() + "'}")) {
            run(pipeline, "one\n");

            assertTrue(Pipeline.lines(pipeline.output).get(0)
                    .matches(".*\"traceparent\":\"00-[0-9a-f]{32}-[0-9a-f]{16}-01\".*"));
        } finally {
            collector.stop(0);
        }

        assertTrue(requests.stream().anyMatch(body -> body.contains("send lines") && body.contains("file-source")));
        assertTrue(requests.stream().anyMatch(body -> body.contains("process lines") && body.contains("file-sink")));
    }

    @Test
    void aContextThatAnEventBringsIsCarriedWithoutTracing() throws Exception {
        try (Pipeline pipeline = new Pipeline(folder)) {
            replace("source.yaml", "follow: false", "follow: false\n  format: cloudevents");
            run(pipeline,
                    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"urn:shop\",\"type\":\"order\"," + CONTEXT + "}\n");

            String written = Pipeline.lines(pipeline.output).get(0);
            assertTrue(written.contains(CONTEXT), written);
        }
    }

    private void run(Pipeline pipeline, String input) throws Exception {
        replace("sink.yaml", "format: data", "format: cloudevents");
        Files.writeString(pipeline.input, input);
        pipeline.startMesh();
        pipeline.startSource();
        assertEquals(0, pipeline.source.awaitExit(Pipeline.DEADLINE), pipeline.source::output);
        pipeline.startSink("--until-idle", "4s");
        assertEquals(0, pipeline.sink.awaitExit(Pipeline.DEADLINE), pipeline.sink::output);
    }

    private void replace(String file, String text, String by) throws IOException {
        Path path = folder.resolve(file);
        Files.writeString(path, Files.readString(path).replace(text, by));
    }
}
