package dev.emc.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.Check;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.RetryableException;
import dev.emc.testkit.Configs;
import dev.emc.testkit.RedisServer;

/** Writes that count only when a replica has them. */
class RedisReplicasTest {

    private RedisServer master;
    private RedisServer replica;
    private RedisSink sink;

    @BeforeEach
    void start() throws Exception {
        master = RedisServer.inMemory();
        replica = RedisServer.builder().replicaOf(master).start();
        replica.awaitReply("master_link_status:up", "INFO", "replication");
        master.awaitReply("state=online", "INFO", "replication");
        sink = sink("1", "30s");
        sink.start(RedisSinkTest.CONTEXT);
    }

    @AfterEach
    void stop() throws Exception {
        sink.close();
        replica.close();
        master.close();
    }

    private RedisSink sink(String replicas, String timeout) {
        return new RedisSink(Configs.of(RedisSinkConfig.class, "hosts", master.address(), "key", "out", "deduplicate", "1h",
                "wait-replicas", replicas, "wait-timeout", timeout, "timeout", "30s"), () -> RedisAdmin.VERTX);
    }

    private static List<ConnectorRecord> events(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> RedisSinkTest.event(i, "n" + i)).toList();
    }

    @Test
    void theReplicaHasWhatWasWritten() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertEquals(List.of(), sink.put(events(100 * i, 100 * (i + 1))));
            assertEquals(Integer.toString(100 * (i + 1)), replica.command("XLEN", "out"));
        }
    }

    @Test
    void aBatchThatNoReplicaHasIsTriedAgain() throws Exception {
        RedisSink hasty = sink("1", "200ms");
        try {
            hasty.start(RedisSinkTest.CONTEXT);
            replica.pause();
            RetryableException error = assertThrows(RetryableException.class, () -> hasty.put(events(0, 10)));
            assertTrue(error.getMessage().contains("on 0 of 1 replicas"), error::getMessage);
            // the events are in the master and only the replica lacks them, so that nothing is written the second time
            assertThrows(RetryableException.class, () -> hasty.put(events(0, 10)));
        } finally {
            replica.resume();
            hasty.close();
        }
        assertEquals(List.of(), sink.put(events(0, 10)));
        assertEquals("10", replica.command("XLEN", "out"));
    }

    @Test
    void doctorTellsOfTooFewReplicas() throws Exception {
        assertTrue(sink.check().stream().allMatch(Check::passed));
        Check check = sink("2", "1s").check().stream().filter(one -> one.subject().equals("replicas")).findFirst()
                .orElseThrow();
        assertFalse(check.passed());
        assertTrue(check.remedy().contains("connector.wait-replicas"), check::toString);
    }
}
