package dev.emc.redis;

import static dev.emc.redis.SourceRunner.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.vertx.redis.client.Command;

import dev.emc.api.Check;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceRecord;
import dev.emc.testkit.Await;
import dev.emc.testkit.Configs;
import dev.emc.testkit.CuttableProxy;
import dev.emc.wire.StructuredJson;

/** Channels: at most once. */
class RedisSourceChannelTest extends RedisTest {

    @Test
    void messagesOfChannelsAndPatternsArrive() throws Exception {
        try (SourceRunner source = new SourceRunner("hosts", server.address(), "type", "pubsub", "keys", "news,alerts.*")) {
            redis.send(Command.PUBLISH, "news", "a");
            redis.send(Command.PUBLISH, "alerts.fire", "b");
            redis.send(Command.PUBLISH, "other", "c");
            List<SourceRecord> records = source.take(2);
            assertEquals(List.of("a", "b"), texts(records));
            assertEquals(List.of("news", "alerts.fire"),
                    records.stream().map(record -> record.attribute("subject")).toList());
        }
    }

    @Test
    void anEventThatTheOldConnectorPublishedKeepsItsIdentity() throws Exception {
        ConnectorRecord event = ConnectorRecord.builder().attribute("id", "i-1").attribute("source", "/s")
                .attribute("type", "t")
                .text("{\"a\":1}").contentType("application/json").build();
        try (SourceRunner source = new SourceRunner("url", "redis://" + server.address(), "type", "pubsub", "keys", "news")) {
            redis.send(Command.PUBLISH, "news", StructuredJson.write(event));
            SourceRecord record = source.take(1).get(0);
            assertEquals("i-1", record.id());
            assertEquals("{\"a\":1}", record.text());
        }
    }

    @Test
    void itListensAgainAfterTheConnectionBroke() throws Exception {
        try (CuttableProxy network = CuttableProxy.to(server.address());
                SourceRunner source = new SourceRunner("hosts", network.address(), "type", "pubsub", "keys", "news")) {
            network.cut();
            network.mend();
            List<SourceRecord> heard = new ArrayList<>();
            Await.until("it listens again", () -> {
                // For a moment the server may still count the listener whose connection is gone.
                redis.send(Command.PUBLISH, "news", "again");
                try {
                    heard.addAll(source.poll(1));
                } catch (RetryableException later) {
                    return false;
                }
                return !heard.isEmpty();
            });
            assertEquals("again", heard.get(0).text());
        }
    }

    @Test
    void moreMessagesThanMayWaitAllArrive() throws Exception {
        try (SourceRunner source = new SourceRunner("hosts", server.address(), "type", "pubsub", "keys", "flood")) {
            for (int i = 0; i < 30; i++) {
                redis.send(Collections.nCopies(1000, RedisAdmin.request(Command.PUBLISH, "flood", "x")));
            }
            assertEquals(30_000, source.take(30_000).size());
        }
    }

    @Test
    void doctorSaysThatMessagesMayBeLost() throws Exception {
        RedisSource source = new RedisSource(
                Configs.of(RedisSourceConfig.class, "hosts", server.address(), "type", "pubsub", "keys", "news"),
                () -> RedisAdmin.VERTX);
        List<Check> checks = source.check();
        assertTrue(checks.stream().anyMatch(check -> check.message().contains("at most once")), checks::toString);
    }
}
