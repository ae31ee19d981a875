package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.api.SinkContext;
import dev.emc.kafka.KafkaBroker.Listener;
import dev.emc.testkit.Await;

/** What becomes of batches at the brokers. */
@Timeout(90)
class KafkaSinkTest {

    private KafkaBroker broker;
    private String topic;

    @BeforeEach
    void begin() throws Exception {
        broker = KafkaBroker.shared();
        topic = broker.newTopic(1);
    }

    private KafkaSink start(String... more) throws Exception {
        Map<String, String> settings = Settings.of("bootstrap-servers", broker.address(Listener.DIRECT), "topic", topic,
                "delivery-timeout", "1m", "request-timeout", "20s");
        settings.putAll(Settings.of(more));
        return start(settings);
    }

    static KafkaSink start(Map<String, String> settings) throws Exception {
        KafkaSink sink = new KafkaSink(Settings.config(KafkaSinkConfig.class, settings));
        try {
            sink.start(new SinkContext() {
                @Override
                public String name() {
                    return "test";
                }

                @Override
                public List<String> topics() {
                    return List.of("mesh-topic");
                }
            });
        } catch (Exception error) {
            sink.close();
            throw error;
        }
        return sink;
    }

    private static ConnectorRecord event(int number, String type) {
        return Workers.event(number).attribute("type", type).text(Integer.toString(number)).build();
    }

    private List<String> values(String from) {
        return broker.read(from).stream().map(record -> new String(record.value(), StandardCharsets.UTF_8)).toList();
    }

    private static List<Integer> bad(List<ConnectorRecord> batch, List<Failure> failures) {
        failures.forEach(failure -> assertInstanceOf(PermanentException.class, failure.error()));
        return failures.stream().map(failure -> batch.indexOf(failure.record())).sorted().toList();
    }

    @ParameterizedTest
    @EnumSource
    void compressedBatchesAreRead(KafkaSinkConfig.Compression compression) throws Exception {
        try (KafkaSink sink = start("compression", compression.name().toLowerCase())) {
            assertEquals(List.of(), sink.put(Workers.events(0, 100)));
        }
        assertEquals(100, broker.read(topic).size());
    }

    @Test
    void eventsGoToTheTopicsThatTheyName() throws Exception {
        String a = broker.newTopic(1);
        String b = broker.newTopic(1);
        try (KafkaSink sink = start("topic", "{type}")) {
            assertEquals(List.of(), sink.put(List.of(event(1, a), event(2, b), event(3, a))));
        }
        assertEquals(List.of("1", "3"), values(a));
        assertEquals(List.of("2"), values(b));
    }

    @Test
    void anEventWhoseTopicIsNotThereIsBadAndTheOthersAreWritten() throws Exception {
        List<ConnectorRecord> batch = List.of(event(1, topic), event(2, "no-such"), event(3, topic), event(4, "no-such"));
        try (KafkaSink sink = start("topic", "{type}", "request-timeout", "5s")) {
            assertEquals(List.of(1, 3), bad(batch, sink.put(batch)));
        }
        assertEquals(List.of("1", "3"), values(topic));
    }

    @Test
    void anEventWhoseTopicCanNotBeOneIsBadAndTheOthersAreWritten() throws Exception {
        List<ConnectorRecord> batch = List.of(event(1, topic), event(2, "no topic!"), event(3, topic));
        try (KafkaSink sink = start("topic", "{type}")) {
            assertEquals(List.of(1), bad(batch, sink.put(batch)));
        }
        assertEquals(List.of("1", "3"), values(topic));
    }

    @Test
    void aTopicThatIsNotThereEndsTheStart() {
        FatalException error = assertThrows(FatalException.class,
                () -> start("topic", "no-such", "request-timeout", "5s").close());
        assertTrue(error.getMessage().contains("no topic no-such"), error.getMessage());
    }

    @Test
    void anEventThatTheTopicRefusesIsBadAndTheOthersAreWritten() throws Exception {
        topic = broker.newTopic(1, "cleanup.policy", "compact");
        List<ConnectorRecord> batch = List.of(event(1, "a"), event(2, ""), event(3, "c"));
        List<ConnectorRecord> left = new ArrayList<>(batch);
        List<ConnectorRecord> refused = new ArrayList<>();
        try (KafkaSink sink = start("key", "{type|}")) {
            for (int attempt = 0; attempt < 3 && !left.isEmpty(); attempt++) {
                List<ConnectorRecord> again = new ArrayList<>();
                for (Failure failure : sink.put(left)) {
                    (failure.error() instanceof PermanentException ? refused : again).add(failure.record());
                }
                left = again;
            }
        }
        assertEquals(List.of(batch.get(1)), refused);
        assertEquals(List.of("1", "3"), values(topic).stream().sorted().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"4K", "64K"})
    void anEventThatIsTooLongForTheTopicIsBadAndTheOthersAreWritten(String batchSize) throws Exception {
        topic = broker.newTopic(1, "max.message.bytes", "5000");
        List<ConnectorRecord> batch = List.of(event(1, "a"), Workers.event(2).text("x".repeat(6000)).build(), event(3, "c"));
        List<Failure> failures;
        try (KafkaSink sink = start("producer-batch-size", batchSize, "delivery-timeout", "20m")) {
            failures = sink.put(batch);
        }
        assertEquals(List.of(1), bad(batch, failures));
        String message = failures.get(0).error().getMessage();
        assertTrue(message.contains("event-2") && message.contains("raise max.message.bytes of the topic"), message);
        assertEquals(List.of("1", "3"), values(topic).stream().sorted().toList());
    }

    @Test
    void anEventThatIsTooLongForTheConfigurationIsBadAndSaysWhichKeyToChange() throws Exception {
        List<ConnectorRecord> batch = List.of(Workers.event(1).text("x".repeat(6000)).build());
        try (KafkaSink sink = start("max-record-bytes", "5K")) {
            String message = sink.put(batch).get(0).error().getMessage();
            assertTrue(message.contains("connector.max-record-bytes"), message);
        }
    }

    private static List<ConnectorRecord> kilobytes(int from, int to) {
        List<ConnectorRecord> events = new ArrayList<>();
        for (int i = from; i < to; i++) {
            events.add(Workers.event(i).text(i + "x".repeat(1000)).build());
        }
        return events;
    }

    @ParameterizedTest
    @CsvSource({"false,0ms", "false,10m", "true,0ms"})
    void batchesFitATopicThatTakesLessThanThey(boolean transactions, String linger) throws Exception {
        topic = broker.newTopic(1, "max.message.bytes", "5000");
        List<ConnectorRecord> batch = kilobytes(0, 300);
        try (KafkaSink sink = start("transactions", Boolean.toString(transactions), "linger", linger, "delivery-timeout",
                "20m")) {
            assertEquals(List.of(), sink.put(batch));
        }
        List<String> expected = batch.stream().map(ConnectorRecord::text).toList();
        if (transactions) {
            assertEquals(expected, values(topic));
        } else { // at least once, and a retry may reorder
            assertEquals(Set.copyOf(expected), Set.copyOf(values(topic)));
        }
    }

    @Test
    void aTopicsLimitMayBeLoweredWhileTheSinkRuns() throws Exception {
        try (KafkaSink sink = start("delivery-timeout", "20m")) {
            sink.put(kilobytes(0, 100));
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            broker.admin().incrementalAlterConfigs(Map.of(resource, List.of(
                    new AlterConfigOp(new ConfigEntry("max.message.bytes", "9000"), AlterConfigOp.OpType.SET)))).all().get();
            assertEquals(List.of(), sink.put(kilobytes(100, 200)));
        }
        assertEquals(200, Set.copyOf(values(topic)).size());
    }

    @Test
    void otherTopicsGetTheirEventsBesideOneThatTakesLittle() throws Exception {
        String little = broker.newTopic(1, "max.message.bytes", "3000");
        List<ConnectorRecord> batch = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            batch.add(Workers.event(i).attribute("type", i % 2 == 0 ? little : topic).text(i + "x".repeat(500)).build());
        }
        try (KafkaSink sink = start("topic", "{type}", "delivery-timeout", "20m")) {
            assertEquals(List.of(), sink.put(batch));
        }
        assertEquals(List.of(100, 100), List.of(Set.copyOf(values(little)).size(), Set.copyOf(values(topic)).size()));
    }

    @Test
    void eventsOfAKeyStayInOrderInOnePartition() throws Exception {
        topic = broker.newTopic(4);
        List<ConnectorRecord> batch = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            batch.add(Workers.event(i).attribute("partitionkey", "k" + i % 7).text(Integer.toString(i)).build());
        }
        try (KafkaSink sink = start()) {
            assertEquals(List.of(), sink.put(batch));
        }
        List<ConsumerRecord<byte[], byte[]>> ofOne = broker.read(topic).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals("k3")).toList();
        assertEquals(1, ofOne.stream().map(ConsumerRecord::partition).distinct().count());
        assertEquals(batch.stream().filter(event -> event.attribute("partitionkey").equals("k3")).map(ConnectorRecord::text)
                .toList(), ofOne.stream().map(record -> new String(record.value(), StandardCharsets.UTF_8)).toList());
    }

    @Test
    void noDataIsATombstoneAtTheBroker() throws Exception {
        try (KafkaSink sink = start()) {
            sink.put(List.of(Workers.event(1).attribute("partitionkey", "gone").build()));
        }
        assertNull(broker.read(topic).get(0).value());
    }

    @Test
    void brokersThatAreAwayEndTheAttemptInTime() throws Exception {
        try (KafkaSink sink = start("bootstrap-servers", broker.address(Listener.PROXIED), "delivery-timeout", "5s",
                "request-timeout", "4s")) {
            sink.put(Workers.events(0, 1));
            broker.proxy().cut();
            try {
                long begin = System.nanoTime();
                RetryableException error = assertThrows(RetryableException.class, () -> sink.put(Workers.events(1, 500)));
                assertTrue(System.nanoTime() - begin < Duration.ofSeconds(20).toNanos());
                assertTrue(error.getMessage().contains(broker.address(Listener.PROXIED)), error.getMessage());
            } finally {
                broker.proxy().mend();
            }
            assertEquals(List.of(), sink.put(Workers.events(1, 500)));
        }
    }

    @Test
    void manyTopicsThatAreNotKnownWaitForAbsentBrokersOnce() throws Exception {
        try (KafkaSink sink = start("bootstrap-servers", broker.address(Listener.PROXIED), "topic", "{type}",
                "delivery-timeout", "5s", "request-timeout", "4s")) {
            broker.proxy().cut();
            List<ConnectorRecord> batch = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                batch.add(event(i, "unknown-" + i));
            }
            try {
                long begin = System.nanoTime();
                assertThrows(RetryableException.class, () -> sink.put(batch));
                assertTrue(System.nanoTime() - begin < Duration.ofSeconds(15).toNanos());
            } finally {
                broker.proxy().mend();
            }
        }
    }

    @Test
    void anInterruptEndsWritingAndNoThreadIsLeft() throws Exception {
        KafkaSink sink = start("bootstrap-servers", broker.address(Listener.PROXIED), "delivery-timeout", "60s");
        sink.put(Workers.events(0, 1));
        broker.proxy().cut();
        AtomicReference<Exception> thrown = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            begun.countDown();
            try {
                sink.put(Workers.events(1, 100));
            } catch (Exception error) {
                thrown.set(error);
            }
            sink.close();
        });
        try {
            writer.start();
            begun.await();
            Thread.sleep(200); // any time is right; in the middle of it is best
            writer.interrupt();
            writer.join(20_000);
        } finally {
            broker.proxy().mend();
        }
        assertInstanceOf(InterruptedException.class, thrown.get());
        Await.until("the producer's thread has ended", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("kafka-producer-network-thread | test")));
    }

    private void allow(String resource, AclOperation operation) throws Exception {
        broker.admin().createAcls(List.of(new AclBinding(new ResourcePattern(ResourceType.TOPIC, resource, PatternType.LITERAL),
                new AccessControlEntry("User:" + KafkaBroker.LIMITED, "*", operation, AclPermissionType.ALLOW)))).all().get();
    }

    private KafkaSink startLimited(String... more) throws Exception {
        Map<String, String> settings = Settings.of("bootstrap-servers", broker.address(Listener.SASL), "topic", topic,
                "sasl.mechanism", "plain", "sasl.username", KafkaBroker.LIMITED, "sasl.password", KafkaBroker.PASSWORD,
                "request-timeout", "20s", "delivery-timeout", "1m");
        settings.putAll(Settings.of(more));
        return start(settings);
    }

    @Test
    void anEventForATopicThatMayNotBeWrittenIsBadAndTheOthersAreWritten() throws Exception {
        allow(topic, AclOperation.WRITE);
        String forbidden = broker.newTopic(1);
        List<ConnectorRecord> batch = List.of(event(1, topic), event(2, forbidden), event(3, topic));
        try (KafkaSink sink = startLimited("topic", "{type}")) {
            assertEquals(List.of(1), bad(batch, sink.put(batch)));
        }
        assertEquals(List.of("1", "3"), values(topic));
    }

    @Test
    void theOnlyTopicThatMayNotBeWrittenStopsTheSink() throws Exception {
        allow(broker.newTopic(1), AclOperation.WRITE);
        allow(topic, AclOperation.DESCRIBE);
        try (KafkaSink sink = startLimited()) {
            FatalException error = assertThrows(FatalException.class, () -> sink.put(Workers.events(0, 3)));
            assertTrue(error.getMessage().contains("topic " + topic), error.getMessage());
        }
    }

    @Test
    void aUserThatMayWriteNowhereStopsTheSink() throws Exception {
        broker.admin().deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
        allow(topic, AclOperation.DESCRIBE);
        try (KafkaSink sink = startLimited()) {
            FatalException error = assertThrows(FatalException.class, () -> sink.put(Workers.events(0, 3)));
            assertTrue(error.getMessage().contains("grant it Write"), error.getMessage());
        }
    }
}
