package dev.emc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

import dev.emc.api.ConnectorRecord;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.wiring.ConnectorName;
import dev.emc.core.wiring.Registries;
import dev.emc.core.wiring.SinkWiring;
import dev.emc.core.wiring.SourceWiring;
import dev.emc.meshserver.MeshServerConfig;
import dev.emc.testkit.Await;
import dev.emc.testkit.EmbeddedMesh;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.MeshReader;
import dev.emc.testkit.MeshWriter;
import dev.emc.testkit.RunningWorker;

/** Workers in trouble: the mesh is away while callers wait, the target restarts under load. */
class HttpTroubleTest {

    private static final String TOPIC = "trouble";

    @TempDir
    Path folder;

    private <C> SmallRyeConfig config(Class<C> type, String mesh, String... keysAndValues) {
        Map<String, String> values = new HashMap<>(Map.of("emc.mesh.address", mesh, "emc.mesh.topic", TOPIC,
                "emc.retry.initial-delay", "PT0.02S", "emc.retry.max-delay", "PT0.2S", "emc.registry.path",
                folder.resolve("registry").toString(), "emc.dead-letters.path", folder.resolve("dead").toString()));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put("emc." + keysAndValues[i], keysAndValues[i + 1]);
        }
        return new SmallRyeConfigBuilder().addDiscoveredConverters().addDefaultInterceptors().withMapping(WorkerConfig.class)
                .withMapping(type).withDefaultValues(values).withValidateUnknown(false).build();
    }

    private RunningWorker source(String mesh, String... keysAndValues) throws Exception {
        SmallRyeConfig config = config(HttpSourceConfig.class, mesh, keysAndValues);
        WorkerConfig worker = config.getConfigMapping(WorkerConfig.class);
        return new RunningWorker(new SourceWiring().worker(worker,
                new HttpSource(config.getConfigMapping(HttpSourceConfig.class)), new Registries(worker, List.of()),
                new WorkerMetrics("http-source"), new ConnectorName("http-source"))).awaitRunning();
    }

    private RunningWorker sink(String mesh, String... keysAndValues) throws Exception {
        SmallRyeConfig config = config(HttpSinkConfig.class, mesh, keysAndValues);
        return new RunningWorker(new SinkWiring().worker(config.getConfigMapping(WorkerConfig.class),
                new HttpSink(config.getConfigMapping(HttpSinkConfig.class)), new WorkerMetrics("http-sink"),
                new ConnectorName("http-sink"))).awaitRunning();
    }

    private EmbeddedMesh mesh(int port) {
        return EmbeddedMesh.start(MeshServerConfig.builder().data(folder.resolve("mesh")).port(port).log(line -> {}));
    }

    @Test
    void callersGet503WhileTheMeshIsAwayAndNothingIsLost() throws Exception {
        int meshPort = EmcProcess.freePort();
        int port = EmcProcess.freePort();
        EmbeddedMesh mesh = mesh(meshPort);
        HttpClient caller = HttpClient.newHttpClient();
        Set<String> confirmed = ConcurrentHashMap.newKeySet();
        try (MeshReader reader = new MeshReader(mesh.address(), TOPIC);
                RunningWorker worker = source(mesh.address(), "connector.port", Integer.toString(port),
                        "connector.server.host", "127.0.0.1", "connector.server.answer-timeout", "PT2S")) {
            post(caller, port, 0, 50, confirmed);
            assertEquals(50, confirmed.size());
            mesh.close();
            List<Integer> statuses = post(caller, port, 50, 100, confirmed);
            assertTrue(statuses.stream().allMatch(status -> status == 503), statuses::toString);
            mesh = mesh(meshPort);
            for (int attempt = 0; attempt < 100 && confirmed.size() < 100; attempt++) {
                post(caller, port, 50, 100, confirmed);
            }
            assertEquals(100, confirmed.size());
            worker.drain();
            Await.until("all are there", () -> texts(reader).containsAll(confirmed));
            assertEquals(confirmed, texts(reader));
        } finally {
            mesh.close();
        }
    }

    /** Posts requests with these numbers as ids, as far as they aren't confirmed yet. */
    private static List<Integer> post(HttpClient caller, int port, int from, int to, Set<String> confirmed) throws Exception {
        Map<String, CompletableFuture<HttpResponse<Void>>> answers = new HashMap<>();
        for (int i = from; i < to; i++) {
            String id = "id-" + i;
            if (!confirmed.contains(id)) {
                answers.put(id, caller.sendAsync(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                        .header("Idempotency-Key", id).timeout(Duration.ofSeconds(30))
                        .POST(HttpRequest.BodyPublishers.ofString(id)).build(), HttpResponse.BodyHandlers.discarding()));
            }
        }
        List<Integer> statuses = new ArrayList<>();
        for (Map.Entry<String, CompletableFuture<HttpResponse<Void>>> answer : answers.entrySet()) {
            int status = answer.getValue().get(60, TimeUnit.SECONDS).statusCode();
            statuses.add(status);
            if (status == 200) {
                confirmed.add(answer.getKey());
            }
        }
        return statuses;
    }

    @Test
    void whatComesAgainAfterA503HasTheSameId() throws Exception {
        int port = EmcProcess.freePort();
        HttpClient caller = HttpClient.newHttpClient();
        Set<String> confirmed = ConcurrentHashMap.newKeySet();
        try (EmbeddedMesh mesh = EmbeddedMesh.start(MeshServerConfig.builder().log(line -> {}));
                MeshReader reader = new MeshReader(mesh.address(), TOPIC);
                RunningWorker worker = source(mesh.address(), "connector.port", Integer.toString(port),
                        "connector.server.host", "127.0.0.1", "connector.server.answer-timeout", "PT0.5S")) {
            mesh.server().freeze();
            List<Integer> statuses = post(caller, port, 0, 40, confirmed);
            assertTrue(statuses.stream().allMatch(status -> status == 503), statuses::toString);
            mesh.server().thaw();
            for (int attempt = 0; attempt < 100 && confirmed.size() < 40; attempt++) {
                post(caller, port, 0, 40, confirmed);
            }
            worker.drain();
            assertEquals(confirmed, texts(reader));
        }
    }

    /** What has come; each with the id that its caller gave it. */
    private static Set<String> texts(MeshReader reader) {
        Set<String> texts = new HashSet<>();
        for (ConnectorRecord record : reader.records()) {
            assertEquals(record.text(), record.id());
            texts.add(record.text());
        }
        return texts;
    }

    @Test
    void aTargetThatRestartsUnderLoadGetsEverything() throws Exception {
        int port = EmcProcess.freePort();
        Set<String> got = ConcurrentHashMap.newKeySet();
        Target target = counting(port, got);
        try (EmbeddedMesh mesh = EmbeddedMesh.start(MeshServerConfig.builder().log(line -> {}));
                MeshWriter writer = new MeshWriter(mesh.address(), TOPIC)) {
            writer.publish(IntStream.range(0, 3000).mapToObj(i -> (ConnectorRecord) ConnectorRecord.builder()
                    .attribute("id", "id-" + i).attribute("source", "/s").attribute("type", "t").text("x" + i).build())
                    .toList());
            try (RunningWorker worker = sink(mesh.address(), "mesh.group", "g", "connector.urls",
                    "http://127.0.0.1:" + port + "/in", "connector.http.timeout", "PT5S")) {
                for (int restart = 1; restart <= 2; restart++) {
                    int enough = restart * 800;
                    worker.await("some arrive", () -> got.size() >= enough);
                    target.close();
                    target = counting(port, got);
                }
                worker.await("all is delivered", () -> worker.status().delivered() == 3000);
                worker.drain();
            }
            assertEquals(3000, got.size());
        } finally {
            target.close();
        }
    }

    private static Target counting(int port, Set<String> got) throws Exception {
        for (int attempt = 0;; attempt++) {
            try {
                Target target = new Target(port, null, false);
                target.answer(seen -> {
                    got.add(seen.header("ce-id"));
                    return Target.Reply.of(202);
                });
                return target;
            } catch (IOException stillTaken) {
                if (attempt == 100) {
                    throw stillTaken;
                }
                Thread.sleep(100);
            }
        }
    }
}
