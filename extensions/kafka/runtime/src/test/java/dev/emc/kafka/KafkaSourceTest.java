package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceRecord;
import dev.emc.kafka.KafkaBroker.Listener;
import dev.emc.kafka.KafkaSourceConfig.Positions;
import dev.emc.testkit.Await;

/** Where sources begin, what they read, and how they go on. */
@Timeout(90)
class KafkaSourceTest {

    private final SourceRunner runner = new SourceRunner();
    private KafkaBroker broker;
    private String topic;

    @BeforeEach
    void begin() throws Exception {
        broker = KafkaBroker.shared();
        topic = broker.newTopic(1);
    }

    private KafkaSource start(Positions positions, String... more) throws Exception {
        Map<String, String> settings = Settings.of("bootstrap-servers", broker.address(Listener.DIRECT), "topics", topic,
                "group", topic + "-readers", "positions", positions.name().toLowerCase(), "session-timeout", "3s");
        settings.putAll(Settings.of(more));
        settings.values().removeIf(String::isEmpty);
        return runner.start(settings);
    }

    private void write(String... values) throws Exception {
        for (String value : values) {
            broker.write(record(value));
        }
    }

    private ProducerRecord<byte[], byte[]> record(String value) {
        return new ProducerRecord<>(topic, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits until a source that has no progress knows where it begins; it must not read anything before. */
    private void awaitPlace(KafkaSource source, Positions positions, long offset) throws Exception {
        if (positions == Positions.KAFKA) {
            Await.until("it has a place", () -> {
                assertEquals(List.of(), SourceRunner.texts(source.poll(10, Duration.ofMillis(50))));
                return broker.committed(topic + "-readers", topic) == offset;
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void earliestBeginsWithTheFirstRecord(Positions positions) throws Exception {
        write("a", "b");
        try (KafkaSource source = start(positions)) {
            assertEquals(List.of("a", "b"), SourceRunner.texts(SourceRunner.take(source, 2)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void latestBeginsWithWhatComes(Positions positions) throws Exception {
        write("a", "b");
        try (KafkaSource source = start(positions, "start", "latest")) {
            awaitPlace(source, positions, 2);
            assertEquals(List.of(), SourceRunner.surplus(source));
            write("c");
            assertEquals(List.of("c"), SourceRunner.texts(SourceRunner.take(source, 1)));
        }
    }

    @Test
    void aPartitionThatATopicGetsLaterIsReadFromItsFirstRecord() throws Exception {
        write("a");
        start(Positions.REGISTRY, "start", "latest").close();
        broker.admin().createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all().get();
        broker.write(new ProducerRecord<>(topic, 1, null, "b".getBytes(StandardCharsets.UTF_8)));
        try (KafkaSource source = start(Positions.REGISTRY, "start", "latest")) {
            assertEquals(List.of("b"), SourceRunner.texts(SourceRunner.take(source, 1)));
        }
    }

    @Test
    void whereItBeginsInTheRegistryIsSavedAtOnce() throws Exception {
        write("a");
        start(Positions.REGISTRY, "start", "latest").close();
        write("b");
        try (KafkaSource source = start(Positions.REGISTRY, "start", "latest")) {
            assertEquals(List.of("b"), SourceRunner.texts(SourceRunner.take(source, 1)));
        }
    }

    @Test
    void whatComesAfterTheFirstStartAtTheEndIsReadByTheNext() throws Exception {
        write("a");
        try (KafkaSource source = start(Positions.KAFKA, "start", "latest")) {
            awaitPlace(source, Positions.KAFKA, 1);
        }
        write("b");
        try (KafkaSource source = start(Positions.KAFKA, "start", "latest")) {
            assertEquals(List.of("b"), SourceRunner.texts(SourceRunner.take(source, 1)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTimeBeginsWithTheFirstRecordOfThatTime(Positions positions) throws Exception {
        for (int hour = 0; hour < 4; hour++) {
            long time = Instant.parse("2026-01-01T0" + hour + ":00:00Z").toEpochMilli();
            broker.write(new ProducerRecord<>(topic, null, time, null, ("at " + hour).getBytes(StandardCharsets.UTF_8)));
        }
        try (KafkaSource source = start(positions, "start", "2026-01-01T02:30:00+01:00")) {
            assertEquals(List.of("at 2", "at 3"), SourceRunner.texts(SourceRunner.take(source, 2)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTimeAfterAllRecordsBeginsWithWhatComes(Positions positions) throws Exception {
        write("a");
        try (KafkaSource source = start(positions, "start", "2126-01-01T00:00:00Z")) {
            awaitPlace(source, positions, 1);
            assertEquals(List.of(), SourceRunner.surplus(source));
            write("b");
            assertEquals(List.of("b"), SourceRunner.texts(SourceRunner.take(source, 1)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void noneIsAnErrorWithoutProgress(Positions positions) {
        FatalException error = assertThrows(FatalException.class, () -> {
            try (KafkaSource source = start(positions, "start", "none")) {
                SourceRunner.take(source, 1);
            }
        });
        assertTrue(error.getMessage().contains("topic " + topic + " (partition 0)"), error.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void readingGoesOnAfterWhatWasCommitted(Positions positions) throws Exception {
        write("a", "b", "c");
        try (KafkaSource source = start(positions)) {
            List<SourceRecord> records = SourceRunner.take(source, 3);
            runner.commit(source, records.subList(0, 2));
        }
        try (KafkaSource source = start(positions, "start", "none")) {
            assertEquals(List.of("c"), SourceRunner.texts(SourceRunner.take(source, 1)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void readingGoesOnAtTheFirstRecordThatRetentionHasLeft(Positions positions) throws Exception {
        write("a", "b", "c", "d");
        try (KafkaSource source = start(positions)) {
            runner.commit(source, SourceRunner.take(source, 1));
        }
        broker.admin().deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(3))).all().get();
        try (KafkaSource source = start(positions, "start", "latest")) {
            assertEquals(List.of("d"), SourceRunner.texts(SourceRunner.take(source, 1)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTopicThatWasMadeAnewIsReadFromWhereItStarts(Positions positions) throws Exception {
        write("a", "b", "c");
        try (KafkaSource source = start(positions)) {
            runner.commit(source, SourceRunner.take(source, 3));
        }
        broker.admin().deleteTopics(List.of(topic)).all().get();
        Await.until("the topic is gone", () -> !broker.admin().listTopics().names().get().contains(topic));
        broker.createTopic(topic, 1);
        write("new");
        if (positions == Positions.KAFKA) {
            // with the topic the broker forgets the group's offsets
            assertEquals(0, broker.committed(topic + "-readers", topic));
        }
        try (KafkaSource source = start(positions)) {
            assertEquals(List.of("new"), SourceRunner.texts(SourceRunner.take(source, 1)));
        }
    }

    @Test
    void whatRetentionHasTakenIsAnErrorWithNone() throws Exception {
        write("a", "b", "c", "d");
        try (KafkaSource source = start(Positions.KAFKA)) {
            runner.commit(source, SourceRunner.take(source, 1));
        }
        broker.admin().deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(3))).all().get();
        try (KafkaSource source = start(Positions.KAFKA, "start", "none")) {
            FatalException error = assertThrows(FatalException.class, () -> SourceRunner.take(source, 1));
            assertTrue(error.getMessage().contains("connector.start"), error.getMessage());
        }
    }

    @Test
    void severalTopicsAreRead() throws Exception {
        String other = broker.newTopic(2);
        broker.write(new ProducerRecord<>(other, 1, null, "other".getBytes(StandardCharsets.UTF_8)));
        write("one");
        try (KafkaSource source = start(Positions.KAFKA, "topics", topic + "," + other)) {
            assertEquals(List.of("one", "other"),
                    SourceRunner.texts(SourceRunner.take(source, 2)).stream().sorted().toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPatternReadsTheTopicsThatMatchAsAWhole(Positions positions) throws Exception {
        String other = broker.createTopic(topic + ".more", 1);
        write("plain");
        broker.write(new ProducerRecord<>(other, "more".getBytes(StandardCharsets.UTF_8)));
        try (KafkaSource source = start(positions, "topics", "", "topic-pattern", topic + "\\.m.*")) {
            assertEquals(List.of("more"), SourceRunner.texts(SourceRunner.take(source, 1)));
            assertEquals(List.of(), SourceRunner.surplus(source));
        }
    }

    @Test
    void aPartitionThatIsAddedIsReadFromItsBeginning() throws Exception {
        write("a");
        try (KafkaSource source = start(Positions.KAFKA, "consumer.metadata.max.age.ms", "200")) {
            SourceRunner.take(source, 1);
            broker.admin().createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all().get();
            Await.until("the partition is there", () -> broker.admin().describeTopics(List.of(topic)).allTopicNames().get()
                    .get(topic).partitions().size() == 2);
            broker.write(new ProducerRecord<>(topic, 0, null, "b".getBytes(StandardCharsets.UTF_8)));
            try (KafkaProducer<byte[], byte[]> producer = broker.newProducer()) {
                producer.send(new ProducerRecord<>(topic, 1, null, "c".getBytes(StandardCharsets.UTF_8))).get();
            }
            assertEquals(List.of("b", "c"), SourceRunner.texts(SourceRunner.take(source, 2)).stream().sorted().toList());
        }
    }

    @Test
    void recordsOfAbortedTransactionsAreLeftOut() throws Exception {
        transactions();
        try (KafkaSource source = start(Positions.KAFKA)) {
            assertEquals(List.of("first", "second", "last"), SourceRunner.texts(SourceRunner.take(source, 3)));
            assertEquals(List.of(), SourceRunner.surplus(source));
        }
    }

    @Test
    void recordsOfAbortedTransactionsComeWhenAskedFor() throws Exception {
        transactions();
        try (KafkaSource source = start(Positions.KAFKA, "isolation", "read-uncommitted")) {
            assertEquals(List.of("first", "aborted", "second", "last"), SourceRunner.texts(SourceRunner.take(source, 4)));
        }
    }

    @Test
    void theMarkersOfTransactionsAreCommittedWithTheRecordBeforeThem() throws Exception {
        transactions();
        try (KafkaSource source = start(Positions.KAFKA)) {
            runner.commit(source, SourceRunner.take(source, 3));
        }
        long end = broker.admin().listOffsets(Map.of(new TopicPartition(topic, 0),
                org.apache.kafka.clients.admin.OffsetSpec.latest())).all().get().get(new TopicPartition(topic, 0)).offset();
        assertEquals(end, broker.committed(topic + "-readers", topic));
    }

    private void transactions() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.newProducer("transactional.id", topic)) {
            producer.initTransactions();
            for (String value : List.of("first", "aborted", "second", "last")) {
                producer.beginTransaction();
                producer.send(record(value)).get();
                if (value.equals("aborted")) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
    void compressedRecordsAreRead(String compression) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.newProducer("compression.type", compression)) {
            producer.send(record("x".repeat(1000))).get();
        }
        try (KafkaSource source = start(Positions.KAFKA)) {
            assertEquals(List.of("x".repeat(1000)), SourceRunner.texts(SourceRunner.take(source, 1)));
        }
    }

    @Test
    void aTombstoneIsAnEventWithoutData() throws Exception {
        broker.write(new ProducerRecord<>(topic, "gone".getBytes(StandardCharsets.UTF_8), null));
        try (KafkaSource source = start(Positions.KAFKA)) {
            SourceRecord event = SourceRunner.take(source, 1).get(0);
            assertNull(event.data());
            assertEquals("gone", event.attribute("partitionkey"));
        }
    }

    @Test
    void lagCountsWhatIsInKafkaAndWasNotPolled() throws Exception {
        broker.write(Workers.numbers(topic, 0, 50));
        try (KafkaSource source = start(Positions.KAFKA)) {
            SourceRunner.take(source, 10);
            Await.until("40 are left", () -> source.lag() == 40);
        }
    }

    @ParameterizedTest
    @EnumSource
    void lagGrowsWhileTheWorkerHasNoRoom(Positions positions) throws Exception {
        broker.write(Workers.numbers(topic, 0, 50));
        try (KafkaSource source = start(positions)) {
            SourceRunner.take(source, 10);
            source.idle();
            broker.write(Workers.numbers(topic, 50, 80));
            Await.until("70 are left", () -> {
                source.idle();
                return source.lag() == 70;
            });
        }
    }

    @Test
    void aTopicThatIsNotThereIsNamed() {
        RetryableException error = assertThrows(RetryableException.class,
                () -> start(Positions.KAFKA, "topics", "no-such-topic").close());
        assertTrue(error.getMessage().contains("no-such-topic"), error.getMessage());
    }

    @Test
    void aStartThatFailsLeavesNoConnection() throws Exception {
        KafkaSource source = new KafkaSource(Settings.source("bootstrap-servers", broker.address(Listener.PROXIED), "topics",
                "no-such-topic", "group", "nobody"));
        int before = broker.proxy().connections();
        assertThrows(RetryableException.class, () -> source.start(runner));
        Await.until("its connections are closed", () -> broker.proxy().connections() <= before);
        source.close();
    }

    @Test
    void brokersThatGoAwayAreNoticed() throws Exception {
        try (KafkaSource source = start(Positions.KAFKA, "bootstrap-servers", broker.address(Listener.PROXIED))) {
            write("a");
            SourceRunner.take(source, 1);
            broker.proxy().cut();
            try {
                RetryableException error = assertThrows(RetryableException.class, () -> SourceRunner.take(source, 1));
                assertTrue(error.getMessage().contains(broker.address(Listener.PROXIED)), error.getMessage());
            } finally {
                broker.proxy().mend();
            }
        }
    }

    @Test
    void aReplayFromTheRegistryHasTheSameIds() throws Exception {
        write("a", "b");
        List<String> ids;
        try (KafkaSource source = start(Positions.REGISTRY)) {
            ids = SourceRunner.take(source, 2).stream().map(SourceRecord::id).toList();
        }
        try (KafkaSource source = start(Positions.REGISTRY)) {
            assertEquals(ids, SourceRunner.take(source, 2).stream().map(SourceRecord::id).toList());
        }
    }
}
