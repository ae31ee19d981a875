package dev.emc.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Response;

import dev.emc.api.Check;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.api.SinkContext;
import dev.emc.testkit.Configs;
import dev.emc.wire.StructuredJson;

/** What the sink writes, and what it says of what Redis refuses. */
class RedisSinkTest extends RedisTest {

    private final List<RedisSink> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(RedisSink::close);
    }

    private RedisSink sink(Object... more) throws Exception {
        List<Object> keys = new ArrayList<>(List.of("hosts", server.address(), "key", "out"));
        keys.addAll(List.of(more));
        RedisSink sink = new RedisSink(Configs.of(RedisSinkConfig.class, keys.toArray()), () -> RedisAdmin.VERTX);
        assertEquals(List.of(), sink.validate());
        open.add(sink);
        sink.start(CONTEXT);
        return sink;
    }

    static final SinkContext CONTEXT = new SinkContext() {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public List<String> topics() {
            return List.of("orders");
        }
    };

    static ConnectorRecord event(int number, String data) {
        return ConnectorRecord.builder().attribute("id", "id-" + number).attribute("source", "/test").attribute("type", "t")
                .text(data).contentType(data.startsWith("{") ? "application/json" : "text/plain").topic("orders").build();
    }

    private static List<ConnectorRecord> events(int count) {
        return IntStream.range(0, count).mapToObj(i -> event(i, "n" + i)).toList();
    }

    private static List<String> strings(Response array) {
        List<String> strings = new ArrayList<>();
        array.forEach(one -> strings.add(one.toString()));
        return strings;
    }

    @Test
    void aWrongKindOfValueIsAFailureOfItsRecordOnly() throws Exception {
        redis.send(Command.SET, "out-id-3", "a string");
        List<Failure> failures = sink("key", "out-{id}").put(events(6));
        assertEquals(1, failures.size());
        assertEquals("id-3", failures.get(0).record().id());
        assertInstanceOf(PermanentException.class, failures.get(0).error());
        assertTrue(failures.get(0).error().getMessage().contains("another kind of value"));
        assertEquals(6, redis.send(Command.DBSIZE).toLong());
    }

    @Test
    void aFullServerIsTriedAgain() throws Exception {
        RedisSink sink = sink();
        redis.send(Command.CONFIG, "SET", "maxmemory", "1");
        try {
            List<Failure> failures = sink.put(events(3));
            assertEquals(3, failures.size());
            failures.forEach(failure -> assertInstanceOf(RetryableException.class, failure.error()));
        } finally {
            redis.send(Command.CONFIG, "SET", "maxmemory", "0");
        }
        assertEquals(List.of(), sink.put(events(3)));
    }

    @Test
    void aFullServerIsTriedAgainWhenEventsAreRemembered() throws Exception {
        RedisSink sink = sink("deduplicate", "1h");
        redis.send(Command.CONFIG, "SET", "maxmemory", "1");
        try {
            assertTrue(sink.put(events(3)).stream().allMatch(failure -> failure.error() instanceof RetryableException));
        } finally {
            redis.send(Command.CONFIG, "SET", "maxmemory", "0");
        }
        assertEquals(List.of(), sink.put(events(3)));
        assertEquals(3, redis.send(Command.XLEN, "out").toLong());
    }

    @Test
    void aRefusedEventIsNotRemembered() throws Exception {
        redis.send(Command.SET, "out", "a string");
        RedisSink sink = sink("deduplicate", "1h");
        assertInstanceOf(PermanentException.class, sink.put(events(1)).get(0).error());
        redis.send(Command.DEL, "out");
        assertEquals(List.of(), sink.put(events(1)));
        assertEquals(1, redis.send(Command.XLEN, "out").toLong());
    }

    @Test
    void aReplicaIsTriedAgain() throws Exception {
        RedisSink sink = sink();
        redis.send(Command.REPLICAOF, "127.0.0.1", server.port());
        try {
            assertThrows(RetryableException.class, () -> sink.put(events(1)));
        } finally {
            redis.send(Command.REPLICAOF, "NO", "ONE");
        }
        assertEquals(List.of(), sink.put(events(1)));
    }

    @Test
    void aStreamKeepsItsLength() throws Exception {
        sink("max-length", "10", "exact-length", "true").put(events(50));
        assertEquals(10, redis.send(Command.XLEN, "out").toLong());
    }

    @Test
    void aStreamGetsTheMembersOfAnObjectAsFields() throws Exception {
        sink("format", "fields")
                .put(List.of(event(1, "{\"a\": \"x y\", \"b\" : 1.50, \"c\":{\"d\":[1, 2]},\"e\":null,\"f\":\"ü\"}")));
        assertEquals(List.of("a", "x y", "b", "1.50", "c", "{\"d\":[1, 2]}", "e", "null", "f", "ü"),
                strings(redis.send(Command.XRANGE, "out", "-", "+").get(0).get(1)));
    }

    @Test
    void whatIsNoObjectFailsAlone() throws Exception {
        List<Failure> failures = sink("format", "fields").put(List.of(event(1, "{\"a\":1}"), event(2, "no object"),
                event(3, "{}"), event(4, "{\"a\":2}")));
        assertEquals(List.of("id-2", "id-3"), failures.stream().map(failure -> failure.record().id()).sorted().toList());
        assertEquals(2, redis.send(Command.XLEN, "out").toLong());
    }

    @Test
    void whatTheSinkWritesInFieldsTheSourceReads() throws Exception {
        ConnectorRecord event = event(1, "{\"a\":1}");
        sink("format", "binary").put(List.of(event));
        try (SourceRunner source = new SourceRunner("hosts", server.address(), "keys", "out")) {
            ConnectorRecord read = source.take(1).get(0);
            assertEquals("id-1", read.id());
            assertEquals("/test", read.attribute("source"));
            assertEquals("application/json", read.contentType());
            assertEquals("{\"a\":1}", read.text());
        }
    }

    @Test
    void aListIsCutToItsLength() throws Exception {
        sink("type", "list", "format", "data", "max-length", "3").put(events(10));
        assertEquals(List.of("n7", "n8", "n9"), strings(redis.send(Command.LRANGE, "out", 0, -1)));
    }

    @Test
    void aListMayGrowAtItsLeft() throws Exception {
        sink("type", "list", "format", "data", "side", "left", "max-length", "3").put(events(10));
        assertEquals(List.of("n9", "n8", "n7"), strings(redis.send(Command.LRANGE, "out", 0, -1)));
    }

    @Test
    void anEventIsPublishedOnce() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Redis client = Redis.createClient(RedisAdmin.VERTX, "redis://" + server.address());
        try {
            RedisConnection listener = client.connect().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
            listener.handler(push -> {
                if (push.get(0).toString().equals("message")) {
                    heard.add(push.get(2).toString());
                }
            });
            listener.send(RedisAdmin.request(Command.SUBSCRIBE, "t-channel")).toCompletionStage().toCompletableFuture().get(30,
                    TimeUnit.SECONDS);
            RedisSink sink = sink("type", "pubsub", "key", "{type}-channel", "deduplicate", "1m");
            sink.put(events(1));
            sink.put(events(2));
            assertEquals("n0", StructuredJson.read(heard.poll(30, TimeUnit.SECONDS).getBytes()).text());
            assertEquals("n1", StructuredJson.read(heard.poll(30, TimeUnit.SECONDS).getBytes()).text());
        } finally {
            client.close();
        }
    }

    @Test
    void aStringGoesAfterItsTime() throws Exception {
        sink("type", "string", "key", "last:{source}", "format", "data", "ttl", "1h").put(events(2));
        assertEquals("n1", redis.send(Command.GET, "last:/test").toString());
        assertTrue(redis.send(Command.PTTL, "last:/test").toLong() > 3_000_000);
    }

    @Test
    void aHashGetsTheMembersOfAnObject() throws Exception {
        RedisSink sink = sink("type", "hash", "key", "customer:{/id}", "format", "fields", "ttl", "1h");
        sink.put(List.of(event(1, "{\"id\":7,\"name\":\"Ann\"}"), event(2, "{\"id\":7,\"city\":\"Rome\"}")));
        assertEquals("Ann", redis.send(Command.HGET, "customer:7", "name").toString());
        assertEquals("Rome", redis.send(Command.HGET, "customer:7", "city").toString());
        assertTrue(redis.send(Command.PTTL, "customer:7").toLong() > 3_000_000);
    }

    @Test
    void anEventWithoutWhatTheKeyAsksForFailsAlone() throws Exception {
        List<Failure> failures = sink("key", "{/customer}").put(List.of(event(1, "{\"customer\":\"a\"}"), event(2, "{}")));
        assertEquals(List.of("id-2"), failures.stream().map(failure -> failure.record().id()).toList());
        assertEquals(1, redis.send(Command.XLEN, "a").toLong());
    }

    @Test
    void aBatchThatIsLargerThanTheClientsWindowIsWritten() throws Exception {
        assertEquals(List.of(), sink("type", "list").put(events(5000)));
        assertEquals(5000, redis.send(Command.LLEN, "out").toLong());
    }

    @Test
    void doctorTellsOfAKeyOfAnotherKind() throws Exception {
        redis.send(Command.SET, "out", "a string");
        List<Check> checks = new RedisSink(Configs.of(RedisSinkConfig.class, "hosts", server.address(), "key", "out"),
                () -> RedisAdmin.VERTX)
                .check();
        Check failed = checks.stream().filter(check -> !check.passed()).findFirst().orElseThrow();
        assertTrue(failed.message().contains("is a string") && failed.remedy().contains("connector.type"), failed::toString);
    }

    @Test
    void doctorSaysThatAChannelKeepsNothing() throws Exception {
        RedisSink sink = new RedisSink(
                Configs.of(RedisSinkConfig.class, "hosts", server.address(), "key", "out", "type", "pubsub"),
                () -> RedisAdmin.VERTX);
        assertFalse(sink.check().stream().noneMatch(check -> check.message().contains("at most once")));
    }
}
