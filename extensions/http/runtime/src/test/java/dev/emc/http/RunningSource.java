package dev.emc.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.emc.api.Acknowledgement;
import dev.emc.api.SourceRecord;
import dev.emc.testkit.Await;
import dev.emc.testkit.Configs;

/** A source in push mode with a stand-in for the worker, which accepts what it reads unless it is told otherwise. */
final class RunningSource implements AutoCloseable {

    private final PushSource source;
    private final Thread worker;
    private final List<SourceRecord> records = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile Consumer<SourceRecord> fate = record -> ((Acknowledgement) record.progress()).accepted();
    private volatile boolean paused;
    private volatile boolean ended;

    /** @param keysAndValues keys without {@code connector.} */
    RunningSource(Object... keysAndValues) throws Exception {
        Object[] all = new Object[keysAndValues.length + 4];
        System.arraycopy(keysAndValues, 0, all, 4, keysAndValues.length);
        System.arraycopy(new Object[]{"port", 0, "server.host", "127.0.0.1"}, 0, all, 0, 4);
        source = new PushSource(Configs.of(HttpSourceConfig.class, all));
        source.start();
        worker = new Thread(this::run, "stand-in");
        worker.setDaemon(true);
        worker.start();
    }

    private void run() {
        try {
            while (!ended) {
                if (paused) {
                    Thread.sleep(10);
                } else {
                    read();
                }
            }
        } catch (InterruptedException end) {
            // the test is over
        }
    }

    private synchronized void read() throws InterruptedException {
        if (paused) {
            return;
        }
        for (SourceRecord record : source.poll(100, Duration.ofMillis(50))) {
            records.add(record);
            fate.accept(record);
        }
    }

    /** What becomes of the records from now on. */
    RunningSource fate(Consumer<SourceRecord> what) {
        fate = what;
        return this;
    }

    /** As when the mesh is away: nothing is read, from the moment this returns. */
    void pause(boolean pause) {
        paused = pause;
        synchronized (this) {
            // whoever read before has ended
        }
    }

    PushSource source() {
        return source;
    }

    int port() {
        return source.port();
    }

    /** What has been read. */
    List<SourceRecord> records() {
        return records;
    }

    SourceRecord record() throws Exception {
        Await.until("a record is read", () -> !records.isEmpty());
        return records.get(0);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).timeout(Duration.ofSeconds(30));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Posts a body. @param headers names and values in turns */
    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        worker.join();
        source.close();
    }
}
