package dev.emc.registry.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import dev.emc.testkit.RedisServer;

/** Tests that begin with an empty Redis each, all with the same server. */
abstract class EmptyRedisTest {

    static RedisServer redis;

    Store store;

    @BeforeAll
    static void startRedis() throws Exception {
        redis = RedisServer.inMemory();
    }

    @AfterAll
    static void stopRedis() throws Exception {
        redis.close();
    }

    @BeforeEach
    void empty() throws Exception {
        redis.command("FLUSHALL");
        store = Store.at(redis.address());
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }
}
