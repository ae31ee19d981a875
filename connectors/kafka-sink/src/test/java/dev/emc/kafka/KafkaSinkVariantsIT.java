package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

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

/** The packaged sink with all that depends on how it was packaged: libraries in C, classes that Kafka makes by their names. */
@Timeout(180)
class KafkaSinkVariantsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path folder;
    private KafkaBroker broker;
    private Workers workers;
    private String topic;

    @BeforeEach
    void begin() throws Exception {
        broker = KafkaBroker.shared();
        workers = new Workers(folder);
        topic = broker.newTopic(1);
    }

    @AfterEach
    void end() throws Exception {
        workers.close();
    }

    private EmcProcess start(Map<String, String> settings) throws Exception {
        settings.put("topic", topic);
        return start(workers.file(settings));
    }

    private EmcProcess start(String yaml) throws Exception {
        Files.writeString(folder.resolve("sink.yaml"), yaml);
        return workers.open(EmcProcess.start("kafka-sink", folder, Map.of("EMC_HTTP_ENABLED", "false"), "--config",
                "sink.yaml"));
    }

    private void assertWrites(EmcProcess process) throws Exception {
        workers.writer().publish(Workers.events(0, 100));
        Await.until(() -> "all is written; it said:\n" + process.output(), DEADLINE, () -> broker.read(topic).size() >= 100);
        assertEquals(0, process.terminate(DEADLINE), process::output);
        assertFalse(process.output().contains(KafkaBroker.PASSWORD), process::output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
    void itCompresses(String compression) throws Exception {
        assertWrites(start(Settings.of("bootstrap-servers", broker.address(Listener.DIRECT), "compression", compression)));
    }

    @ParameterizedTest
    @EnumSource
    void itGetsIn(SecureWay way) throws Exception {
        assertWrites(start(way.settings(broker, "producer", folder)));
    }

    @Test
    void aClientThatGetsNoTokenIsToldInOneSentence() throws Exception {
        Map<String, String> settings = SecureWay.SASL_TOKEN.settings(broker, "producer", folder);
        settings.put("sasl.client-secret", "wrong-" + KafkaBroker.PASSWORD);
        EmcProcess process = start(settings);
        assertEquals(2, process.awaitExit(DEADLINE), process::output);
        assertTrue(process.output().contains("gives no token (401 invalid_client"), process::output);
        assertFalse(process.output().matches("(?s).*(Exception|\tat |" + KafkaBroker.PASSWORD + ").*"), process::output);
    }

    @Test
    void itWritesInTransactions() throws Exception {
        assertWrites(start(Settings.of("bootstrap-servers", broker.address(Listener.DIRECT), "transactions", "true",
                "transactional-id", topic)));
    }

    @Test
    void aFileOfEventMeshItselfRuns() throws Exception {
        assertWrites(start("""
                pubSubConfig:
                  meshAddress: %s
                  subject: %s
                  idc: FT
                  env: PRD
                  group: kafkaSink
                  appId: 5031
                  userName: kafkaSinkUser
                  passWord: kafkaPassWord
                connectorConfig:
                  connectorName: kafkaSink
                  bootstrapServers: %s
                  topic: %s
                  ack: all
                  keyConverter: org.apache.kafka.common.serialization.StringSerializer
                  valueConverter: org.apache.kafka.common.serialization.StringSerializer
                  maxRequestSize: 1048576
                  bufferMemory: 33554432
                  batchSize: 16384
                  lingerMs: 0
                  requestTimeoutMs: 10000
                  maxInFightRequestsPerConnection: 5
                  retries: 0
                  compressionType: none
                """.formatted(workers.mesh.address(), Workers.TOPIC, broker.address(Listener.DIRECT), topic)));
    }
}
