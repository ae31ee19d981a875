package dev.emc.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.testkit.EmcProcess;

/** A run that nothing disturbs. */
class RunTest {

    @TempDir
    Path folder;

    @Test
    void everyLineArrivesOnceAndBothEndByThemselves() throws Exception {
        try (Pipeline pipeline = new Pipeline(folder)) {
            pipeline.writeInput(10_000);
            pipeline.startMesh();
            pipeline.startSource();
            assertEquals(0, pipeline.source.awaitExit(Pipeline.DEADLINE), pipeline.source::output);
            // only now: on a slow machine the sink could be idle before the source has started
            pipeline.startSink("--until-idle", "4s");
            assertEquals(0, pipeline.sink.awaitExit(Pipeline.DEADLINE), pipeline.sink::output);
            assertEquals(Set.of(), pipeline.missing());
            assertEquals(10_000, Pipeline.lines(pipeline.output).size());
            assertTrue(pipeline.sink.output().contains("delivered 10,000 records"), pipeline.sink::output);
            assertTrue(pipeline.source.output().contains("delivered 10,000 records"), pipeline.source::output);
        }
    }

    @Test
    void aSecondRunOfTheSourceSendsNothingAgain() throws Exception {
        try (Pipeline pipeline = new Pipeline(folder)) {
            pipeline.writeInput(1_000);
            pipeline.startMesh();
            pipeline.startSink();
            pipeline.startSource();
            assertEquals(0, pipeline.source.awaitExit(Pipeline.DEADLINE), pipeline.source::output);
            pipeline.awaitAll(Pipeline.DEADLINE);
            pipeline.startSource();
            assertEquals(0, pipeline.source.awaitExit(Pipeline.DEADLINE), pipeline.source::output);
            assertTrue(pipeline.source.output().contains("delivered 0 records"), pipeline.source::output);
            assertEquals(0, pipeline.sink.terminate(Pipeline.DEADLINE), pipeline.sink::output);
            assertEquals(1_000, Pipeline.lines(pipeline.output).size());
        }
    }

    @Test
    void aSigtermAtAnyMomentOfTheStartEndsTheProcess() throws Exception {
        try (Pipeline pipeline = new Pipeline(folder)) {
            pipeline.startMesh();
            for (int millis = 100; millis <= 1_500; millis += 200) {
                pipeline.startSink();
                Thread.sleep(millis);
                pipeline.sink.terminate(Pipeline.DEADLINE);
            }
        }
    }

    @Test
    void jsonLogsHaveNothingElseBetweenThem() throws Exception {
        try (Pipeline pipeline = new Pipeline(folder, "log:\n  format: json")) {
            pipeline.writeInput(10);
            pipeline.startMesh();
            pipeline.startSource();
            assertEquals(0, pipeline.source.awaitExit(Pipeline.DEADLINE), pipeline.source::output);
            assertEquals(List.of(), pipeline.source.output().lines().filter(line -> !line.startsWith("{\"")).toList());
            assertTrue(pipeline.source.output().contains("delivered 10 records"), pipeline.source::output);
        }
    }

    @Test
    void aPatternThatNothingMatchesIsSaid() throws Exception {
        try (Pipeline pipeline = new Pipeline(folder)) {
            Files.writeString(folder.resolve("source.yaml"),
                    Files.readString(folder.resolve("source.yaml")).replace(pipeline.input.toString(), "no-such-*.txt"));
            pipeline.startMesh();
            pipeline.startSource();
            assertEquals(0, pipeline.source.awaitExit(Pipeline.DEADLINE), pipeline.source::output);
            assertTrue(pipeline.source.output().contains("there is no file for no-such-*.txt"), pipeline.source::output);
        }
    }

    @Test
    void aSecondSourceOfTheSameNameIsRefused() throws Exception {
        try (Pipeline pipeline = new Pipeline(folder)) {
            Files.writeString(folder.resolve("follow.yaml"),
                    Files.readString(folder.resolve("source.yaml")).replace("follow: false", "follow: true"));
            pipeline.writeInput(10);
            pipeline.startMesh();
            try (EmcProcess first = EmcProcess.start("file-source", folder, "--config", "follow.yaml")) {
                first.awaitOutput("is running", Pipeline.DEADLINE);
                try (EmcProcess second = EmcProcess.start("file-source", folder, "--config", "follow.yaml")) {
                    assertEquals(3, second.awaitExit(Pipeline.DEADLINE), second::output);
                    assertTrue(second.output().contains("already running (pid " + first.pid() + ")"), second::output);
                }
                assertEquals(0, first.terminate(Pipeline.DEADLINE), first::output);
            }
        }
    }

    @Test
    void healthMetricsAndStatusAreServed() throws Exception {
        int port = EmcProcess.freePort();
        try (Pipeline pipeline = new Pipeline(folder, "http:\n  port: " + port)) {
            pipeline.writeInput(100);
            pipeline.startMesh();
            pipeline.startSink();
            pipeline.sink.awaitOutput("is running", Pipeline.DEADLINE);
            HttpResponse<String> ready = get(port, "/q/health/ready");
            assertEquals(200, ready.statusCode(), ready::body);
            assertEquals(200, get(port, "/q/health/live").statusCode());
            assertTrue(get(port, "/q/metrics").body().contains("emc_records_received_total"));
            assertTrue(get(port, "/status").body().matches("(?s).*\"state\"\\s*:\\s*\"running\".*"));
            pipeline.mesh.kill();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (get(port, "/q/health/ready").statusCode() != 503) {
                assertTrue(System.nanoTime() < deadline, "ready though the mesh is gone");
                Thread.sleep(50);
            }
            assertEquals(0, pipeline.sink.terminate(Pipeline.DEADLINE), pipeline.sink::output);
        }
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
