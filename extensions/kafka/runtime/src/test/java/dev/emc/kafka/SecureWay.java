package dev.emc.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.emc.kafka.KafkaBroker.Listener;

/** Ways into the broker that work. */
enum SecureWay {

    TLS_WITH_PEM(Listener.TLS), TLS_WITH_TRUSTSTORE(Listener.TLS), MTLS_WITH_PEM(Listener.MTLS), MTLS_WITH_KEYSTORE(
            Listener.MTLS), SASL_PLAIN(Listener.SASL), SASL_SCRAM(Listener.SASL), SASL_PLAIN_OVER_TLS(
                    Listener.SASLTLS), SASL_SCRAM_OVER_TLS(Listener.SASLTLS), SASL_TOKEN(
                            Listener.SASL), SASL_TOKEN_OVER_TLS(Listener.SASLTLS), KAFKAS_OWN_PROPERTIES(Listener.SASLTLS);

    private final Listener listener;

    SecureWay(Listener listener) {
        this.listener = listener;
    }

    /**
     * The settings of a connector.
     *
     * @param own {@code consumer} or {@code producer}
     * @param folder for stores
     */
    Map<String, String> settings(KafkaBroker broker, String own, Path folder) throws Exception {
        Map<String, String> settings = Settings.of("bootstrap-servers", broker.address(listener));
        if (this == KAFKAS_OWN_PROPERTIES) {
            settings.putAll(Settings.of(own + ".security.protocol", "SASL_SSL", own + ".sasl.mechanism", "PLAIN",
                    own + ".sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
                            + KafkaBroker.ADMIN + "\" password=\"" + KafkaBroker.PASSWORD + "\";",
                    own + ".ssl.truststore.type", "PEM", own + ".ssl.truststore.location",
                    broker.server().certificate().toString()));
            return settings;
        }
        if (listener != Listener.SASL) {
            settings.put("tls.enabled", "true");
            if (this == TLS_WITH_TRUSTSTORE) {
                settings.putAll(Settings.of("tls.truststore", truststore(broker, folder).toString(), "tls.truststore-password",
                        "changeit"));
            } else {
                settings.put("tls.ca", broker.server().certificate().toString());
            }
        }
        if (this == MTLS_WITH_PEM) {
            settings.putAll(Settings.of("tls.certificate", broker.client().certificate().toString(), "tls.key",
                    broker.client().key().toString()));
        } else if (this == MTLS_WITH_KEYSTORE) {
            settings.putAll(
                    Settings.of("tls.keystore", broker.client().store().toString(), "tls.keystore-password", "changeit"));
        }
        if (name().startsWith("SASL_TOKEN")) {
            settings.putAll(
                    Settings.of("sasl.mechanism", "oauthbearer", "sasl.token-url", broker.tokens().url(), "sasl.client-id",
                            KafkaBroker.ADMIN, "sasl.client-secret", KafkaBroker.PASSWORD, "sasl.scope", TokenEndpoint.SCOPE,
                            "sasl.extensions.logicalCluster", "lkc-1"));
            if (this == SASL_TOKEN_OVER_TLS) {
                settings.putAll(Settings.of("sasl.token-url", broker.tokens().secureUrl(), "sasl.token-ca",
                        broker.server().certificate().toString()));
            }
        } else if (name().startsWith("SASL")) {
            settings.putAll(Settings.of("sasl.mechanism", name().contains("SCRAM") ? "scram-sha-512" : "plain", "sasl.username",
                    KafkaBroker.ADMIN, "sasl.password", KafkaBroker.PASSWORD));
        }
        return settings;
    }

    /** The broker's certificate as a trusted one, PKCS#12. */
    private static Path truststore(KafkaBroker broker, Path folder) throws Exception {
        Path store = folder.resolve("trusted.p12");
        if (!Files.exists(store)) {
            Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-importcert", "-noprompt", "-alias", "it", "-file", broker.server().certificate().toString(), "-keystore",
                    store.toString(), "-storetype", "PKCS12", "-storepass", "changeit").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool failed");
            }
        }
        return store;
    }
}
