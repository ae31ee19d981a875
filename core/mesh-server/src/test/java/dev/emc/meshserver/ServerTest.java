package dev.emc.meshserver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.junit.jupiter.api.AfterEach;

import dev.emc.wire.Frame;

/** A server and its clients for one test. */
abstract class ServerTest {

    MeshServer server;
    final List<String> log = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : toClose) {
            one.close();
        }
    }

    <T extends AutoCloseable> T closing(T one) {
        toClose.add(0, one);
        return one;
    }

    void start(MeshServerConfig.Builder config) throws MeshServerException {
        server = closing(MeshServer.start(config.log(log::add).build()));
    }

    void start() throws MeshServerException {
        start(MeshServerConfig.builder());
    }

    TestClient connect() throws Exception {
        return closing(TestClient.connect(server.port()));
    }

    TestClient publisher() throws Exception {
        return closing(TestClient.publisher(server.port()));
    }

    TestClient subscriber(String group, String... topics) throws Exception {
        return closing(TestClient.subscriber(server.port(), group, topics));
    }

    TestClient broadcastSubscriber(String topic) throws Exception {
        return closing(TestClient.subscriber(server.port(), "b", SubscriptionMode.BROADCASTING, topic));
    }

    /** Publishes the events {@link #names} to topic t, pipelined, and waits for their answers. */
    void publish(int from, int to) throws Exception {
        try (TestClient publisher = TestClient.publisher(server.port())) {
            List<CompletableFuture<Frame>> answers = names(from, to).stream().map(name -> publisher.publishLater("t", name))
                    .toList();
            for (CompletableFuture<Frame> answer : answers) {
                Frame frame = answer.get(TestClient.WAIT_SECONDS, TimeUnit.SECONDS);
                if (frame.code() != Frame.SUCCESS) {
                    throw new AssertionError(frame);
                }
            }
        }
    }

    static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "e" + i).toList();
    }

    static List<String> data(List<Frame> frames) {
        return frames.stream().map(TestClient::data).toList();
    }

    MeshStats.TopicStats topic() {
        return server.stats().topic("t");
    }

    MeshStats.GroupStats group(String name) {
        return topic().group(name);
    }

    boolean logged(String part) {
        return log.stream().anyMatch(line -> line.contains(part));
    }
}
