package dev.emc.redis;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import io.vertx.redis.client.Command;

import dev.emc.testkit.RedisServer;

/** A test with a real Redis, which is empty when it begins. */
abstract class RedisTest {

    static RedisServer server;
    static RedisAdmin redis;

    @BeforeAll
    static void start() throws Exception {
        server = RedisServer.inMemory();
        redis = new RedisAdmin("redis://" + server.address());
    }

    @AfterAll
    static void stop() throws Exception {
        redis.close();
        server.close();
    }

    @BeforeEach
    void empty() throws Exception {
        redis.send(Command.FLUSHALL);
    }

    /** The texts {@code n<from>} to {@code n<to - 1>}. */
    static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "n" + i).toList();
    }
}
