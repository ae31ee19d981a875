package dev.emc.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.Check;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.testkit.Configs;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.RedisServer;

/** What users read when a server isn't as it should be: what is wrong and what to do, once. */
class RedisMessagesTest {

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    private RedisSink sink(String address, String key) {
        return opened(new RedisSink(Configs.of(RedisSinkConfig.class, "hosts", address, "key", key, "timeout", "30s"),
                () -> RedisAdmin.VERTX));
    }

    private RedisSink started(String address, String key) throws Exception {
        RedisSink sink = sink(address, key);
        sink.start(RedisSinkTest.CONTEXT);
        return sink;
    }

    private static final List<ConnectorRecord> ONE = List.of(RedisSinkTest.event(1, "a"));

    @Test
    void nobodyListens() throws Exception {
        String address = "127.0.0.1:" + EmcProcess.freePort();
        Exception error = assertThrows(RetryableException.class, () -> started(address, "out"));
        assertEquals("the Redis server " + address + " can't be reached (connection refused); start it, or correct"
                + " connector.hosts", error.getMessage());
    }

    @Test
    void doctorSaysWhatToDoInItsPlace() throws Exception {
        String address = "127.0.0.1:" + EmcProcess.freePort();
        assertEquals(List.of(Check.failed("Redis", "the Redis server " + address + " can't be reached (connection refused)",
                "start it, or correct connector.hosts")), sink(address, "out").check());
    }

    @Test
    void aNodeOfACluster() throws Exception {
        List<RedisServer> cluster = RedisServer.cluster(3);
        open.addAll(cluster);
        List<ConnectorRecord> events = List.of(RedisSinkTest.event(1, "a"), RedisSinkTest.event(2, "b"),
                RedisSinkTest.event(3, "c"), RedisSinkTest.event(4, "d"), RedisSinkTest.event(5, "e"),
                RedisSinkTest.event(6, "f"));
        RedisSink sink = started(cluster.get(0).address(), "out-{id}");
        Exception error = assertThrows(FatalException.class, () -> sink.put(events));
        assertTrue(error.getMessage().endsWith("is part of a cluster; set connector.client-type to cluster"),
                error::getMessage);
    }

    @Test
    void aReplica() throws Exception {
        RedisServer master = opened(RedisServer.inMemory());
        RedisServer replica = opened(RedisServer.builder().replicaOf(master).start());
        replica.awaitReply("master_link_status:up", "INFO", "replication");
        RedisSink sink = started(replica.address(), "out");
        Exception error = assertThrows(RetryableException.class, () -> sink.put(ONE));
        assertEquals("the Redis server " + replica.address() + " is a replica and can't be written; make it the master, or"
                + " correct connector.hosts", error.getMessage());
        assertTrue(sink.check().stream().anyMatch(check -> !check.passed() && check.message().contains("is a replica")));
    }

    @Test
    void aKeyOfAnotherKind() throws Exception {
        RedisServer server = opened(RedisServer.inMemory());
        server.command("SET", "out-id-1", "a string");
        Failure failure = started(server.address(), "out-{id}").put(ONE).get(0);
        assertInstanceOf(PermanentException.class, failure.error());
        assertEquals("Event 'id-1' can't be written to 'out-id-1': the Redis server " + server.address() + " has another kind"
                + " of value under this key; correct connector.type, or the key.", failure.error().getMessage());
    }

    @Test
    void aServerWithoutMemory() throws Exception {
        RedisServer server = opened(RedisServer.inMemory());
        RedisSink sink = started(server.address(), "out");
        server.command("CONFIG", "SET", "maxmemory", "1");
        Exception error = sink.put(ONE).get(0).error();
        assertInstanceOf(RetryableException.class, error);
        assertEquals("the Redis server " + server.address() + " has no memory left (OOM); raise its maxmemory, or let it evict"
                + " or free something", error.getMessage());
    }

    @Test
    void aUserThatMayNotWrite() throws Exception {
        RedisServer server = opened(RedisServer.builder().user("emc", "pw", "~*", "+@read", "+ping", "+hello").start());
        RedisSink sink = opened(new RedisSink(Configs.of(RedisSinkConfig.class, "hosts", server.address(), "key", "out",
                "username", "emc", "password", "pw", "timeout", "30s"), () -> RedisAdmin.VERTX));
        sink.start(RedisSinkTest.CONTEXT);
        Exception error = assertThrows(FatalException.class, () -> sink.put(ONE));
        assertTrue(error.getMessage().contains("doesn't allow its user what the connector needs (NOPERM")
                && error.getMessage().endsWith("allow it those commands, and the keys or channels in connector.key or"
                        + " connector.keys"),
                error::getMessage);
    }
}
