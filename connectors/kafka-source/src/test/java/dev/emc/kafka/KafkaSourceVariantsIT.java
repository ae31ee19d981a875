package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.kafka.KafkaBroker.Listener;
import dev.emc.testkit.Await;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.MeshReader;

/** The packaged source with all that depends on how it was packaged: libraries in C, classes that Kafka makes by their names. */
@Timeout(180)
class KafkaSourceVariantsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path folder;
    private KafkaBroker broker;
    private Workers workers;
    private MeshReader reader;
    private String topic;

    @BeforeEach
    void begin() throws Exception {
        broker = KafkaBroker.shared();
        workers = new Workers(folder);
        reader = workers.reader();
        topic = broker.newTopic(4);
    }

    @AfterEach
    void end() throws Exception {
        workers.close();
    }

    private EmcProcess start(Map<String, String> settings) throws Exception {
        settings.put("topics", topic);
        settings.putIfAbsent("group", topic + "-readers");
        settings.put("session-timeout", "3s");
        return start("source.yaml", workers.file(settings));
    }

    private EmcProcess start(String file, String yaml) throws Exception {
        Files.writeString(folder.resolve(file), yaml);
        return workers.open(EmcProcess.start("kafka-source", folder, Map.of("EMC_HTTP_ENABLED", "false"), "--config", file));
    }

    private Map<String, String> plain() {
        return Settings.of("bootstrap-servers", broker.address(Listener.DIRECT));
    }

    private Set<String> arrived() {
        return reader.records().stream().map(event -> event.text()).collect(Collectors.toSet());
    }

    private void assertReads(EmcProcess process, int count) throws Exception {
        Await.until(() -> "all of " + count + " come, not " + arrived().size() + "; it said:\n" + process.output(), DEADLINE,
                () -> arrived().size() >= count);
        assertFalse(process.output().contains(KafkaBroker.PASSWORD), process::output);
    }

    private void assertEnds(EmcProcess process) throws Exception {
        assertEquals(0, process.terminate(DEADLINE), process::output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
    void itReadsWhatWasCompressed(String compression) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.newProducer("compression.type", compression)) {
            Workers.numbers(topic, 0, 100).forEach(producer::send);
        }
        EmcProcess process = start(plain());
        assertReads(process, 100);
        assertEnds(process);
    }

    @ParameterizedTest
    @EnumSource
    void itGetsIn(SecureWay way) throws Exception {
        broker.write(Workers.numbers(topic, 0, 100));
        EmcProcess process = start(way.settings(broker, "consumer", folder));
        assertReads(process, 100);
        assertEnds(process);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aMemberThatIsKilledIsReplacedByTheOther(String protocol) throws Exception {
        Map<String, String> settings = plain();
        settings.put("consumer.group.protocol", protocol);
        EmcProcess one = start(settings);
        broker.write(Workers.numbers(topic, 0, 100));
        assertReads(one, 100);
        EmcProcess two = start(settings);
        Await.until(() -> "two members; the second said:\n" + two.output(), DEADLINE, () -> broker.admin()
                .describeConsumerGroups(java.util.List.of(topic + "-readers")).all().get().get(topic + "-readers").members()
                .stream().filter(member -> !member.assignment().topicPartitions().isEmpty()).count() == 2);
        broker.write(Workers.numbers(topic, 100, 3000));
        one.kill();
        broker.write(Workers.numbers(topic, 3000, 4000));
        assertReads(two, 4000);
        assertEnds(two);
    }

    @Test
    void aFileOfEventMeshItselfRuns() throws Exception {
        EmcProcess process = start("upstream.yaml", """
                pubSubConfig:
                  meshAddress: %s
                  subject: %s
                  idc: FT
                  env: PRD
                  group: kafkaSource
                  appId: 5032
                  userName: kafkaSourceUser
                  passWord: kafkaPassWord
                connectorConfig:
                  connectorName: kafkaSource
                  bootstrapServers: %s
                  topic: %s
                  groupID: %s-upstream
                  keyConverter: org.apache.kafka.common.serialization.StringDeserializer
                  valueConverter: org.apache.kafka.common.serialization.StringDeserializer
                  autoCommitIntervalMS: 1000
                  enableAutoCommit: false
                  sessionTimeoutMS: 10000
                  maxPollRecords: 1000
                """.formatted(workers.mesh.address(), Workers.TOPIC, broker.address(Listener.DIRECT), topic, topic));
        Await.until(() -> "it has its partitions; it said:\n" + process.output(), DEADLINE,
                () -> broker.admin().listConsumerGroupOffsets(topic + "-upstream").partitionsToOffsetAndMetadata().get()
                        .size() == 4);
        broker.write(Workers.numbers(topic, 0, 100));
        assertReads(process, 100);
        assertEnds(process);
    }
}
