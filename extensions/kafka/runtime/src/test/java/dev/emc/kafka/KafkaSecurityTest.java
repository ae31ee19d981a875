package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.emc.api.Check;
import dev.emc.api.FatalException;
import dev.emc.kafka.KafkaBroker.Listener;

/** Encryption, certificates and logins, of sources and sinks alike. */
@Timeout(90)
class KafkaSecurityTest {

    @TempDir
    Path folder;
    private KafkaBroker broker;
    private String topic;

    @BeforeEach
    void begin() throws Exception {
        broker = KafkaBroker.shared();
        topic = broker.newTopic(1);
    }

    private Map<String, String> settings(SecureWay way, String own) throws Exception {
        return way.settings(broker, own, folder);
    }

    private Map<String, String> sink(Map<String, String> settings) {
        settings.putAll(Settings.of("topic", topic, "request-timeout", "5s"));
        return settings;
    }

    private Map<String, String> source(Map<String, String> settings) {
        settings.putAll(Settings.of("topics", topic, "group", topic + "-readers"));
        return settings;
    }

    @ParameterizedTest
    @EnumSource
    void recordsGoInAndOut(SecureWay way) throws Exception {
        try (KafkaSink sink = KafkaSinkTest.start(sink(settings(way, "producer")))) {
            assertEquals(List.of(), sink.put(Workers.events(0, 10)));
        }
        try (KafkaSource source = new SourceRunner().start(source(settings(way, "consumer")))) {
            assertEquals(10, SourceRunner.take(source, 10).size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void doctorGetsIn(SecureWay way) throws Exception {
        List<Check> sink = new KafkaSink(Settings.config(KafkaSinkConfig.class, sink(settings(way, "producer")))).check();
        assertTrue(sink.stream().allMatch(Check::passed), sink::toString);
        List<Check> source = new KafkaSource(Settings.config(KafkaSourceConfig.class, source(settings(way, "consumer"))))
                .check();
        assertTrue(source.stream().allMatch(Check::passed), source::toString);
    }

    private void assertRefused(String saying, Map<String, String> settings) throws Exception {
        FatalException of = assertThrows(FatalException.class, () -> KafkaSinkTest.start(sink(settings)).close());
        assertSentence(saying, of.getMessage());
        settings.keySet().removeAll(List.of("topic", "request-timeout"));
        FatalException ofSource = assertThrows(FatalException.class, () -> new SourceRunner().start(source(settings)).close());
        assertSentence(saying, ofSource.getMessage());
    }

    private static void assertSentence(String saying, String message) {
        assertTrue(message.contains(saying), message);
        assertFalse(message.contains("\n") || message.contains("Exception") || message.contains("sEcReT"), message);
    }

    @ParameterizedTest
    @EnumSource(names = {"SASL_PLAIN", "SASL_SCRAM"})
    void aWrongPasswordIsAnError(SecureWay way) throws Exception {
        Map<String, String> settings = settings(way, "");
        settings.put("sasl.password", "wrong-sEcReT");
        assertRefused("connector.sasl", settings);
    }

    @Test
    void aBrokerThatNobodyTrustsIsAnError() throws Exception {
        Map<String, String> settings = settings(SecureWay.TLS_WITH_PEM, "");
        settings.put("tls.ca", broker.client().certificate().toString());
        assertRefused("connector.tls", settings);
    }

    @Test
    void aMissingCertificateIsAnError() throws Exception {
        Map<String, String> settings = settings(SecureWay.TLS_WITH_PEM, "");
        settings.put("bootstrap-servers", broker.address(Listener.MTLS));
        assertRefused("connector.tls", settings);
    }

    @Test
    void aCertificateForAnotherHostIsAnErrorUnlessAskedNotToLook() throws Exception {
        Map<String, String> settings = settings(SecureWay.MTLS_WITH_PEM, "");
        settings.put("bootstrap-servers", broker.address(Listener.MTLS).replace("127.0.0.1", "localhost"));
        assertRefused("connector.tls", settings);
        settings.put("tls.verify-host", "false");
        settings.keySet().removeAll(List.of("topics", "group"));
        KafkaSinkTest.start(sink(settings)).close();
    }

    @Test
    void plainTextAtATlsPortEndsTheStartInTime() {
        Map<String, String> settings = sink(Settings.of("bootstrap-servers", broker.address(Listener.TLS)));
        settings.put("request-timeout", "1s");
        Exception error = assertThrows(Exception.class, () -> KafkaSinkTest.start(settings).close());
        assertTrue(error.getMessage().contains(broker.address(Listener.TLS)), error.getMessage());
    }
}
