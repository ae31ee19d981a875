package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
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

    /** Ways in that work. */
    enum Way {
        TLS_WITH_PEM, TLS_WITH_TRUSTSTORE, MTLS_WITH_PEM, MTLS_WITH_KEYSTORE, SASL_PLAIN, SASL_SCRAM, SASL_PLAIN_OVER_TLS, SASL_SCRAM_OVER_TLS, KAFKAS_OWN_PROPERTIES
    }

    private Map<String, String> settings(Way way, String own) {
        Listener listener = switch (way) {
            case TLS_WITH_PEM, TLS_WITH_TRUSTSTORE -> Listener.TLS;
            case MTLS_WITH_PEM, MTLS_WITH_KEYSTORE -> Listener.MTLS;
            case SASL_PLAIN, SASL_SCRAM -> Listener.SASL;
            case SASL_PLAIN_OVER_TLS, SASL_SCRAM_OVER_TLS, KAFKAS_OWN_PROPERTIES -> Listener.SASLTLS;
        };
        Map<String, String> settings = Settings.of("bootstrap-servers", broker.address(listener));
        if (way == Way.KAFKAS_OWN_PROPERTIES) {
            settings.putAll(Settings.of(own + ".security.protocol", "SASL_SSL", own + ".sasl.mechanism", "PLAIN",
                    own + ".sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
                            + KafkaBroker.ADMIN + "\" password=\"" + KafkaBroker.PASSWORD + "\";",
                    own + ".ssl.truststore.type", "PEM", own + ".ssl.truststore.location",
                    broker.server().certificate().toString()));
            return settings;
        }
        if (listener != Listener.SASL) {
            settings.put("tls.enabled", "true");
            if (way == Way.TLS_WITH_TRUSTSTORE) {
                settings.putAll(Settings.of("tls.truststore", truststore().toString(), "tls.truststore-password", "changeit"));
            } else {
                settings.put("tls.ca", broker.server().certificate().toString());
            }
        }
        if (way == Way.MTLS_WITH_PEM) {
            settings.putAll(Settings.of("tls.certificate", broker.client().certificate().toString(), "tls.key",
                    broker.client().key().toString()));
        } else if (way == Way.MTLS_WITH_KEYSTORE) {
            settings.putAll(
                    Settings.of("tls.keystore", broker.client().store().toString(), "tls.keystore-password", "changeit"));
        }
        if (way.name().startsWith("SASL")) {
            settings.putAll(login(way.name().contains("SCRAM") ? "scram-sha-512" : "plain", KafkaBroker.PASSWORD));
        }
        return settings;
    }

    private static Map<String, String> login(String mechanism, String password) {
        return Settings.of("sasl.mechanism", mechanism, "sasl.username", KafkaBroker.ADMIN, "sasl.password", password);
    }

    /** The broker's certificate as a trusted one, PKCS#12. */
    private Path truststore() {
        Path store = folder.resolve("trusted.p12");
        if (Files.exists(store)) {
            return store;
        }
        try {
            Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-importcert", "-noprompt", "-alias", "it", "-file", broker.server().certificate().toString(), "-keystore",
                    store.toString(), "-storetype", "PKCS12", "-storepass", "changeit").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            assertEquals(0, keytool.waitFor());
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
        return store;
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
    void recordsGoInAndOut(Way way) throws Exception {
        try (KafkaSink sink = KafkaSinkTest.start(sink(settings(way, "producer")))) {
            assertEquals(List.of(), sink.put(Workers.events(0, 10)));
        }
        try (KafkaSource source = new SourceRunner().start(source(settings(way, "consumer")))) {
            assertEquals(10, SourceRunner.take(source, 10).size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void doctorGetsIn(Way way) throws Exception {
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
    void aWrongPasswordIsAnError(Way way) throws Exception {
        Map<String, String> settings = settings(way, "");
        settings.put("sasl.password", "wrong-sEcReT");
        assertRefused("connector.sasl", settings);
    }

    @Test
    void aBrokerThatNobodyTrustsIsAnError() throws Exception {
        Map<String, String> settings = settings(Way.TLS_WITH_PEM, "");
        settings.put("tls.ca", broker.client().certificate().toString());
        assertRefused("connector.tls", settings);
    }

    @Test
    void aMissingCertificateIsAnError() throws Exception {
        Map<String, String> settings = settings(Way.TLS_WITH_PEM, "");
        settings.put("bootstrap-servers", broker.address(Listener.MTLS));
        assertRefused("connector.tls", settings);
    }

    @Test
    void aCertificateForAnotherHostIsAnErrorUnlessAskedNotToLook() throws Exception {
        Map<String, String> settings = settings(Way.MTLS_WITH_PEM, "");
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
