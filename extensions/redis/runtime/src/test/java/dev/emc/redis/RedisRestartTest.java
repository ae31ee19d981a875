package dev.emc.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceRecord;
import dev.emc.testkit.Await;
import dev.emc.testkit.Configs;
import dev.emc.testkit.RedisServer;

/** A server that dies under load and comes back with its data. */
class RedisRestartTest {

    private static final int COUNT = 6000;

    @TempDir
    Path folder;

    private RedisServer server;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.builder().durable(folder).start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** Kills the server and starts it again, each time when a number has come so far. */
    private Thread killer(AtomicInteger progress, int... when) {
        Thread killer = new Thread(() -> {
            try {
                for (int point : when) {
                    Await.until("so much is done: " + point, () -> progress.get() >= point);
                    server.kill();
                    server.restart();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        killer.start();
        return killer;
    }

    private RedisAdmin admin() throws Exception {
        return new RedisAdmin("redis://" + server.address());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSinkLosesNothing(boolean once) throws Exception {
        List<Object> keys = new ArrayList<>(List.of("hosts", server.address(), "key", "out", "format", "data"));
        if (once) {
            keys.addAll(List.of("deduplicate", "1h"));
        }
        RedisSink sink = new RedisSink(Configs.of(RedisSinkConfig.class, keys.toArray()), () -> RedisAdmin.VERTX);
        sink.start(RedisSinkTest.CONTEXT);
        AtomicInteger written = new AtomicInteger();
        Thread killer = killer(written, COUNT / 4, COUNT / 2);
        while (written.get() < COUNT) {
            int from = written.get();
            List<ConnectorRecord> batch = IntStream.range(from, from + 100)
                    .mapToObj(i -> RedisSinkTest.event(i, Integer.toString(i))).toList();
            Await.until("a batch is written", () -> put(sink, batch));
            written.addAndGet(100);
        }
        killer.join();
        sink.close();
        Set<String> found = new HashSet<>();
        int entries = 0;
        try (RedisAdmin redis = admin()) {
            for (var entry : redis.send(Command.XRANGE, "out", "-", "+")) {
                found.add(entry.get(1).get(1).toString());
                entries++;
            }
        }
        assertEquals(COUNT, found.size());
        assertTrue(!once || entries == COUNT, entries + " entries of " + COUNT + " events");
    }

    private static boolean put(RedisSink sink, List<ConnectorRecord> batch) throws Exception {
        try {
            List<Failure> failures = sink.put(batch);
            assertEquals(List.of(), failures);
            return true;
        } catch (RetryableException later) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream", "list"})
    void theSourceLosesNothing(String type) throws Exception {
        try (RedisAdmin redis = admin()) {
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                requests.add(type.equals("stream")
                        ? RedisAdmin.request(Command.XADD, "in", "*", "data", i)
                        : RedisAdmin.request(Command.RPUSH, "in", i));
            }
            redis.send(requests);
        }
        Set<String> accepted = new HashSet<>();
        AtomicInteger progress = new AtomicInteger();
        try (SourceRunner source = new SourceRunner("hosts", server.address(), "keys", "in", "type", type, "consumer", "me")) {
            Thread killer = killer(progress, COUNT / 4, COUNT / 2);
            while (accepted.size() < COUNT) {
                List<SourceRecord> records = source.take(1);
                records.addAll(some(source));
                records.forEach(record -> accepted.add(record.text()));
                Await.until("a commit works", () -> committed(source, records));
                progress.set(accepted.size());
            }
            killer.join();
            assertTrue(source.isQuiet());
        }
        try (RedisAdmin redis = admin()) {
            assertEquals(0, type.equals("stream")
                    ? redis.send(Command.XPENDING, "in", "worker").get(0).toLong()
                    : redis.send(Command.HLEN, "{in}:emc:taken:me").toLong() + redis.send(Command.LLEN, "in").toLong());
        }
    }

    private static List<SourceRecord> some(SourceRunner source) throws Exception {
        try {
            return source.poll(100);
        } catch (RetryableException later) {
            return List.of();
        }
    }

    private static boolean committed(SourceRunner source, List<SourceRecord> records) throws Exception {
        try {
            source.commit(records);
            return true;
        } catch (RetryableException later) {
            return false;
        }
    }

    @Test
    void aServerThatHangsIsGivenUpAndFoundAgain() throws Exception {
        RedisSink sink = new RedisSink(
                Configs.of(RedisSinkConfig.class, "hosts", server.address(), "key", "out", "timeout", "300ms"),
                () -> RedisAdmin.VERTX);
        Await.until("the sink starts", () -> {
            try {
                sink.start(RedisSinkTest.CONTEXT);
                return true;
            } catch (RetryableException slow) {
                return false;
            }
        });
        server.pause();
        List<ConnectorRecord> batch = List.of(RedisSinkTest.event(1, "a"));
        assertThrows(RetryableException.class, () -> sink.put(batch));
        server.resume();
        Await.until("it is written", () -> put(sink, batch));
        sink.close();
    }
}
