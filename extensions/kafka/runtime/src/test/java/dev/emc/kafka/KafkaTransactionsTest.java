package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.kafka.KafkaBroker.Listener;
import dev.emc.testkit.Await;

/** Batches that are there as a whole or not at all. */
@Timeout(90)
class KafkaTransactionsTest {

    private KafkaBroker broker;
    private String topic;

    @BeforeEach
    void begin() throws Exception {
        broker = KafkaBroker.shared();
        topic = broker.newTopic(2);
    }

    private KafkaSink start(String... more) throws Exception {
        Map<String, String> settings = Settings.of("bootstrap-servers", broker.address(Listener.PROXIED), "topic", topic,
                "transactions", "true", "transactional-id", topic, "delivery-timeout", "8s", "request-timeout", "7s");
        settings.putAll(Settings.of(more));
        return KafkaSinkTest.start(settings);
    }

    private List<Integer> committed() {
        return broker.read(topic).stream().map(record -> Integer.valueOf(new String(record.value(), StandardCharsets.UTF_8)))
                .sorted().toList();
    }

    /** Waits a moment, as Kafka shows a transaction in its partitions only after it has answered the commit. */
    private void assertCommitted(List<Integer> expected) throws Exception {
        Await.until("the transaction shows", () -> committed().size() >= expected.size());
        assertEquals(expected, committed());
    }

    private static List<Integer> numbers(List<ConnectorRecord> events) {
        return events.stream().map(event -> Integer.valueOf(event.text())).sorted().toList();
    }

    @Test
    void aBatchIsCommittedWhenPutReturns() throws Exception {
        try (KafkaSink sink = start()) {
            assertEquals(List.of(), sink.put(Workers.events(0, 50)));
            assertCommitted(numbers(Workers.events(0, 50)));
        }
    }

    @Test
    void badEventsAreLeftOutAndTheOthersAreThereOnce() throws Exception {
        List<ConnectorRecord> batch = new ArrayList<>(Workers.events(0, 20));
        for (int bad : new int[]{3, 11}) {
            batch.set(bad, Workers.event(bad).text("x".repeat(1_100_000)).build());
        }
        List<Failure> failures;
        try (KafkaSink sink = start()) {
            failures = sink.put(batch);
        }
        failures.forEach(failure -> assertInstanceOf(PermanentException.class, failure.error()));
        assertEquals(List.of(batch.get(3), batch.get(11)), failures.stream().map(Failure::record).toList());
        batch.removeIf(event -> event.text().startsWith("x"));
        assertCommitted(numbers(batch));
    }

    @Test
    void anEventThatTheTopicRefusesIsFoundByHalves() throws Exception {
        topic = broker.newTopic(1, "max.message.bytes", "5000");
        List<ConnectorRecord> batch = List.of(Workers.event(0).text("0").build(),
                Workers.event(1).text("x".repeat(6000)).build());
        try (KafkaSink sink = start("producer-batch-size", "4K")) {
            assertThrows(PermanentException.class, () -> sink.put(batch));
            assertEquals(List.of(), sink.put(batch.subList(0, 1)));
            assertThrows(PermanentException.class, () -> sink.put(batch.subList(1, 2)));
        }
        assertCommitted(List.of(0));
    }

    @Test
    void whatAnAttemptHasWrittenThatFailedIsNotSeen() throws Exception {
        List<ConnectorRecord> first = Workers.events(0, 10);
        try (KafkaSink sink = start()) {
            sink.put(first);
            broker.proxy().loseAnswers(); // the records arrive, and nobody learns of it
            assertThrows(RetryableException.class, () -> sink.put(Workers.events(10, 20)));
            broker.proxy().mend();
            assertEquals(List.of(), sink.put(Workers.events(20, 30)));
        } finally {
            broker.proxy().mend();
        }
        List<ConnectorRecord> seen = new ArrayList<>(first);
        seen.addAll(Workers.events(20, 30));
        assertCommitted(numbers(seen));
    }

    @Test
    void aWorkerWhosePlaceWasTakenStops() throws Exception {
        try (KafkaSink one = start()) {
            one.put(Workers.events(0, 1));
            try (KafkaSink two = start()) {
                two.put(Workers.events(1, 2));
                FatalException error = assertThrows(FatalException.class, () -> one.put(Workers.events(2, 3)));
                assertTrue(error.getMessage().contains("connector.transactional-id"), error.getMessage());
            }
        }
        assertCommitted(List.of(0, 1));
    }

    @Test
    void theSuccessorOfADeadWorkerEndsItsTransaction() throws Exception {
        KafkaSink dead = start();
        dead.put(Workers.events(0, 1));
        broker.proxy().loseAnswers();
        try {
            assertThrows(RetryableException.class, () -> dead.put(Workers.events(1, 5)));
        } finally {
            broker.proxy().mend();
        }
        try (KafkaSink successor = start()) {
            successor.put(Workers.events(5, 6));
            assertCommitted(List.of(0, 5));
        }
        dead.close();
    }

    @Test
    void aMissingTopicSpoilsNoTransactionOfTheOthers() throws Exception {
        List<ConnectorRecord> batch = List.of(event(1, topic), event(2, "no-such"), event(3, topic));
        try (KafkaSink sink = start("topic", "{type}")) {
            List<Failure> failures = sink.put(batch);
            assertEquals(List.of(batch.get(1)), failures.stream().map(Failure::record).toList());
        }
        assertCommitted(List.of(1, 3));
    }

    private static ConnectorRecord event(int number, String type) {
        return Workers.event(number).attribute("type", type).text(Integer.toString(number)).build();
    }
}
