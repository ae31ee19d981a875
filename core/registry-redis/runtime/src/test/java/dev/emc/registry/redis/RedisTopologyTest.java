package dev.emc.registry.redis;

import static dev.emc.registry.redis.Store.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.LeaseHeldException;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.engine.Registry;
import dev.emc.testkit.Await;
import dev.emc.testkit.RedisServer;

/** Redis as a cluster, and as a server with replicas and sentinels. */
class RedisTopologyTest {

    private final List<RedisServer> servers = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (RedisServer server : servers) {
            server.close();
        }
    }

    private RedisServer started(RedisServer.Builder builder) throws Exception {
        RedisServer server = builder.start();
        servers.add(server);
        return server;
    }

    private static String addresses(List<RedisServer> servers) {
        return servers.stream().map(RedisServer::address).collect(Collectors.joining(","));
    }

    /** Saves until it works; whatever the time between, nobody else may be active. */
    private static void saved(Registry registry, long offset) throws Exception {
        Await.until("a save works", () -> {
            try {
                registry.save(List.of(at("a", offset)));
                return true;
            } catch (RetryableException unsure) {
                return false;
            }
        });
    }

    @Test
    void theWorkersOfAClusterAreOnDifferentNodes() throws Exception {
        servers.addAll(RedisServer.cluster(3));
        try (Store store = Store.at(addresses(servers.subList(0, 2)), "redis.client-type", "cluster")) {
            Set<String> expected = new HashSet<>();
            for (int i = 0; i < 12; i++) {
                try (Registry registry = store.opened("worker-" + i)) {
                    registry.save(List.of(at("a", i)));
                    expected.add("worker-" + i);
                }
            }
            OffsetStore offsets = store.offsets();
            assertEquals(expected, new HashSet<>(offsets.workers()));
            for (int i = 0; i < 12; i++) {
                assertEquals(List.of(at("a", i)), List.copyOf(offsets.read("worker-" + i).orElseThrow().positions()));
            }
        }
        for (RedisServer node : servers) {
            assertTrue(Integer.parseInt(node.command("DBSIZE")) > 1, node.address());
        }
    }

    @Test
    void aWrongPasswordOfAClusterIsNotPrinted() throws Exception {
        RedisServer redis = started(RedisServer.builder().password("right"));
        try (Store store = Store.at(redis.address(), "redis.client-type", "cluster", "redis.username", "default",
                "redis.password",
                "s3cret")) {
            FatalException refused = assertThrows(FatalException.class, () -> store.opened("w"));
            assertTrue(refused.getMessage().contains("refuses the user name or the password"), refused.getMessage());
            assertNull(refused.getCause());
        }
    }

    @Test
    void aClusterIsRefusedWhenAStandaloneServerIsExpected() throws Exception {
        servers.addAll(RedisServer.cluster(3));
        Set<String> messages = new HashSet<>();
        try (Store store = Store.at(servers.get(0).address())) {
            for (int i = 0; i < 12; i++) {
                try (Registry registry = store.opened("worker-" + i)) {
                    registry.held();
                } catch (FatalException refused) {
                    messages.add(refused.getMessage());
                }
            }
        }
        assertEquals(Set.of("the Redis server " + servers.get(0).address()
                + " is part of a cluster; set registry.redis.client-type to cluster"), messages);
    }

    @Test
    void aStandaloneServerIsRefusedWhenAClusterIsExpected() throws Exception {
        RedisServer redis = started(RedisServer.builder());
        try (Store store = Store.at(redis.address(), "redis.client-type", "cluster")) {
            FatalException refused = assertThrows(FatalException.class, () -> store.opened("w"));
            assertTrue(refused.getMessage().contains("is no cluster"), refused.getMessage());
        }
    }

    @Test
    void aFailoverBySentinelsLosesNeitherPositionsNorTheLease() throws Exception {
        RedisServer master = started(RedisServer.builder().password("pw"));
        RedisServer replica = started(RedisServer.builder().password("pw").replicaOf(master));
        replica.awaitReply("master_link_status:up", "INFO", "replication");
        List<RedisServer> sentinels = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            sentinels.add(started(RedisServer.builder().sentinelOf("main", master, 1).option("sentinel", "auth-pass main pw")));
        }
        sentinels.get(0).awaitReply(Integer.toString(replica.port()), "SENTINEL", "REPLICAS", "main");
        try (Store store = Store.at(addresses(sentinels), "redis.client-type", "sentinel", "redis.master-name", "main",
                "redis.password", "pw", "redis.database", "2");
                Store waiting = Store.at(master.address(), "redis.replicas", "1", "redis.password", "pw", "redis.database",
                        "2")) {
            try (Registry before = waiting.opened("w")) {
                saved(before, 1);
            }
            Registry registry = store.opened("w");
            saved(registry, 2);
            master.kill();
            saved(registry, 3);
            replica.awaitReply("role:master", "INFO", "replication");
            assertEquals(List.of(at("a", 3)), List.copyOf(store.offsets().read("w").orElseThrow().positions()));
            assertThrows(LeaseHeldException.class, () -> store.registry().open("w"));
        }
    }

    @Test
    void sentinelsThatDoNotKnowTheName() throws Exception {
        RedisServer master = started(RedisServer.builder());
        RedisServer sentinel = started(RedisServer.builder().sentinelOf("main", master, 1));
        try (Store store = Store.at(sentinel.address(), "redis.client-type", "sentinel", "redis.master-name", "other")) {
            Registry registry = store.registry();
            FatalException unknown = assertThrows(FatalException.class, () -> registry.open("w"));
            assertEquals("the Redis server 'other' of the sentinels " + sentinel.address()
                    + " isn't known to them; correct registry.redis.master-name", unknown.getMessage());
        }
    }
}
