package dev.emc.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** emc-mesh, and the client that fills and empties its topics. */
final class Mesh implements AutoCloseable {

    static final String GROUP = "bench";
    private static final long START = Duration.ofSeconds(30).toNanos();
    /** No frame without an event is longer, and none with one is shorter. */
    private static final int LESS_THAN_AN_EVENT = 900;
    private static final long BETWEEN_QUESTIONS = Duration.ofMillis(20).toNanos();

    final int port = Ports.free();
    private final Child process;
    private final BareClient client;
    private int topics;

    Mesh(List<String> command, Path folder) throws Exception {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("--port", Integer.toString(port)));
        process = new Child(all, folder, folder.resolve("mesh.log"));
        long deadline = System.nanoTime() + START;
        while (!Ports.listens(port)) {
            process.check();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("emc-mesh is not ready after 30 s");
            }
            Thread.sleep(20);
        }
        client = new BareClient("127.0.0.1", port);
    }

    String newTopic() {
        return "bench-" + ++topics;
    }

    /** Fills a new topic with numbered payloads. */
    String filled(int events, Payload payload) throws Exception {
        String topic = newTopic();
        client.publish(topic, events, payload, Bench.WINDOW);
        return topic;
    }

    /** @throws IllegalStateException when a sink has left events of its topic unacknowledged */
    void requireEmpty(String topic) throws Exception {
        int left = client.drain(topic, GROUP, 0, 300, false).distinct();
        if (left > 0) {
            throw new IllegalStateException(left + " events done, but not acknowledged at the end");
        }
    }

    /**
     * A topic that a source sends to. What the mesh reads from its sockets tells the pace; the source's metrics tell when it is over,
     * and then the events are counted.
     *
     * @param http where the source serves its metrics
     */
    Target arrivals(String topic, int bytes, Payload payload, int http) throws Exception {
        long begin = process.bytesRead();
        return new Target() {
            private long last;
            private long asked;

            @Override
            public long arrived() throws Exception {
                long now = process.bytesRead() - begin;
                if (now - last >= LESS_THAN_AN_EVENT) {
                    last = now;
                }
                return last;
            }

            @Override
            public boolean complete(long arrived, int events) {
                long now = System.nanoTime();
                if (arrived < (long) events * bytes || now - asked < BETWEEN_QUESTIONS) {
                    return false;
                }
                asked = now;
                return Ports.delivered(http) >= events;
            }

            @Override
            public void verify(int events) throws Exception {
                Target.require(client.drain(topic, "count", events, 3000, payload).distinct(), events);
            }
        };
    }

    @Override
    public void close() {
        client.close();
        process.close();
    }
}
