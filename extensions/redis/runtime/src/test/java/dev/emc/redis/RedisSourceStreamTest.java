package dev.emc.redis;

import static dev.emc.redis.SourceRunner.positions;
import static dev.emc.redis.SourceRunner.texts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.vertx.redis.client.Command;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.SourceRecord;
import dev.emc.testkit.Await;
import dev.emc.wire.StructuredJson;

/** Streams, as a member of a consumer group. */
class RedisSourceStreamTest extends RedisTest {

    private static SourceRunner source(Object... more) throws Exception {
        List<Object> keys = new ArrayList<>(List.of("hosts", server.address(), "keys", "orders", "consumer", "me"));
        keys.addAll(List.of(more));
        return new SourceRunner(keys.toArray());
    }

    private static void add(int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            redis.send(Command.XADD, "orders", "*", "data", "n" + i);
        }
    }

    private static long pending() throws Exception {
        return redis.send(Command.XPENDING, "orders", "worker").get(0).toLong();
    }

    @Test
    void whatIsCommittedIsAcknowledged() throws Exception {
        add(0, 20);
        try (SourceRunner source = source()) {
            List<SourceRecord> records = source.take(20);
            assertEquals(20, pending());
            source.commit(records);
            assertEquals(0, pending());
        }
    }

    @Test
    void ownPendingEntriesComeFirstAfterARestart() throws Exception {
        add(0, 20);
        List<SourceRecord> before;
        try (SourceRunner source = source()) {
            before = source.take(10);
            source.commit(before.subList(0, 4));
        }
        try (SourceRunner source = source()) {
            List<SourceRecord> after = source.take(16);
            assertEquals(numbers(4, 20), texts(after));
            assertEquals(positions(before.subList(4, 10)), positions(after.subList(0, 6)));
        }
    }

    @Test
    void entriesOfADeadConsumerAreTakenOver() throws Exception {
        add(0, 10);
        SourceRunner dead = source("consumer", "dead");
        List<SourceRecord> left = dead.take(10);
        try (SourceRunner source = source("claim-after", "300ms")) {
            List<SourceRecord> taken = source.take(10);
            assertEquals(positions(left), positions(taken));
            source.commit(taken);
            assertEquals(0, pending());
        }
        dead.close();
    }

    @Test
    void whatIsUnderWayAtALiveConsumerIsNotTakenOver() throws Exception {
        add(0, 10);
        try (SourceRunner slow = source("consumer", "slow", "claim-after", "1s");
                SourceRunner other = source("claim-after", "1s")) {
            slow.take(10);
            assertTrue(Await.always(Duration.ofMillis(2500), () -> slow.poll(10).isEmpty() && other.poll(10).isEmpty()));
        }
    }

    @Test
    void twoConsumersShareTheEntries() throws Exception {
        add(0, 200);
        Set<String> seen = new HashSet<>();
        int[] counts = new int[2];
        try (SourceRunner one = source("consumer", "one"); SourceRunner two = source("consumer", "two")) {
            while (seen.size() < 200) {
                for (SourceRunner source : List.of(one, two)) {
                    for (String text : texts(source.poll(10))) {
                        assertTrue(seen.add(text), () -> text + " came twice");
                        counts[source == one ? 0 : 1]++;
                    }
                }
            }
        }
        assertTrue(counts[0] > 0 && counts[1] > 0);
    }

    @Test
    void severalStreamsAreRead() throws Exception {
        redis.send(Command.XADD, "a", "*", "data", "1");
        redis.send(Command.XADD, "b", "*", "data", "2");
        try (SourceRunner source = source("keys", "a,b,c")) {
            List<SourceRecord> records = source.take(2);
            assertEquals(Set.of("1", "2"), new HashSet<>(texts(records)));
            assertEquals(Set.of("a", "b"), Set.of(records.get(0).attribute("subject"), records.get(1).attribute("subject")));
            source.commit(records);
            redis.send(Command.XADD, "c", "*", "data", "3");
            assertEquals(List.of("3"), texts(source.take(1)));
        }
    }

    @Test
    void aGroupThatStartsAtTheEndLeavesOutWhatIsThere() throws Exception {
        add(0, 5);
        try (SourceRunner source = source("start", "$")) {
            add(5, 7);
            assertEquals(numbers(5, 7), texts(source.take(2)));
        }
    }

    @Test
    void aGroupMayStartAfterAnEntry() throws Exception {
        redis.send(Command.XADD, "orders", "5-1", "data", "a");
        redis.send(Command.XADD, "orders", "5-2", "data", "b");
        try (SourceRunner source = source("start", "5-1")) {
            assertEquals(List.of("b"), texts(source.take(1)));
        }
    }

    @Test
    void entriesAreDeletedWhenTheyAreSafe() throws Exception {
        add(0, 5);
        try (SourceRunner source = source("after-commit", "delete")) {
            source.commit(source.take(3));
            assertEquals(2, redis.send(Command.XLEN, "orders").toLong());
        }
    }

    @Test
    void aRemovedGroupIsMadeAgainAndNothingIsLeftOut() throws Exception {
        add(0, 3);
        try (SourceRunner source = source()) {
            source.commit(source.take(3));
            redis.send(Command.DEL, "orders");
            add(3, 6);
            assertEquals(numbers(3, 6), texts(source.take(3)));
        }
    }

    @Test
    void entriesThatWereTrimmedWhilePendingDontStayPending() throws Exception {
        add(0, 3);
        source().close();
        try (SourceRunner source = source()) {
            source.take(3);
        }
        redis.send(Command.XTRIM, "orders", "MAXLEN", "=", 1);
        try (SourceRunner source = source()) {
            assertEquals(List.of("n2"), texts(source.take(1)));
            assertEquals(1, pending());
        }
    }

    @Test
    void anEntryOfTextFieldsIsAJsonObject() throws Exception {
        redis.send(Command.XADD, "orders", "*", "id", "7", "name", "Zoë \"Q\"");
        try (SourceRunner source = source()) {
            SourceRecord record = source.take(1).get(0);
            assertEquals("{\"id\":\"7\",\"name\":\"Zoë \\\"Q\\\"\"}", record.text());
            assertEquals("application/json", record.contentType());
            assertTrue(record.timestamp().isAfter(Instant.now().minusSeconds(3600)), () -> record.timestamp().toString());
        }
    }

    @Test
    void aFieldMayBeThePayload() throws Exception {
        byte[] bytes = {0, (byte) 0xff, 13, 10};
        redis.send(Command.XADD, "orders", "*", "payload", bytes, "other", "x");
        try (SourceRunner source = source("format", "data", "data-field", "payload")) {
            SourceRecord record = source.take(1).get(0);
            assertArrayEquals(bytes, record.data());
            assertEquals("application/octet-stream", record.contentType());
        }
    }

    @Test
    void anEventInFieldsKeepsItsIdentity() throws Exception {
        redis.send(Command.XADD, "orders", "*", "ce_specversion", "1.0", "ce_id", "i-1", "ce_source", "/s", "ce_type", "t",
                "ce_time",
                "2026-01-02T03:04:05Z", "ce_tenant", "acme", "content-type", "text/plain", "data", "hello");
        try (SourceRunner source = source()) {
            SourceRecord record = source.take(1).get(0);
            assertEquals(List.of("i-1", "/s", "t", "acme"), List.of(record.id(), record.attribute("source"),
                    record.attribute("type"), record.attribute("tenant")));
            assertEquals(Instant.parse("2026-01-02T03:04:05Z"), record.timestamp());
            assertEquals("hello", record.text());
            assertEquals("text/plain", record.contentType());
        }
    }

    @Test
    void anEventInJsonKeepsItsIdentity() throws Exception {
        ConnectorRecord event = ConnectorRecord.builder().attribute("id", "i-2").attribute("source", "/s")
                .attribute("type", "t")
                .text("hi").contentType("text/plain").build();
        redis.send(Command.XADD, "orders", "*", "anything", StructuredJson.write(event));
        try (SourceRunner source = source()) {
            SourceRecord record = source.take(1).get(0);
            assertEquals("i-2", record.id());
            assertEquals("hi", record.text());
            assertNull(record.timestamp());
        }
    }

    @Test
    void aFieldThatIsNoTextIsAProblemOfThisEntryOnly() throws Exception {
        redis.send(Command.XADD, "orders", "*", "a", "1", "b", new byte[]{(byte) 0xc0, 0});
        redis.send(Command.XADD, "orders", "*", "a", "1", "b", "2");
        try (SourceRunner source = source()) {
            List<SourceRecord> records = source.take(2);
            assertNotNull(records.get(0).problem());
            assertTrue(records.get(0).problem().getMessage().contains("connector.data-field"));
            assertNull(records.get(1).problem());
        }
    }

    @Test
    void theLagIsNoneWhenAllIsRead() throws Exception {
        add(0, 10);
        try (SourceRunner source = source()) {
            source.take(10);
            Await.until("the lag is 0", () -> {
                source.poll(1);
                return source.lag() == 0;
            });
        }
    }

    @Test
    void largeEntriesAreReadInSmallPortions() throws Exception {
        byte[] large = "x".repeat(4 << 20).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 12; i++) {
            redis.send(Command.XADD, "orders", "*", "data", large);
        }
        try (SourceRunner source = source()) {
            source.take(1);
            assertTrue(source.poll(1000).size() <= 5);
        }
    }
}
