package dev.emc.kafka;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;

import dev.emc.api.FatalException;
import dev.emc.kafka.SaslSettings.Mechanism;
import dev.emc.kit.Tls;
import dev.emc.kit.TlsSettings;

/** Makes the properties of Kafka's clients of a connector's configuration. */
final class ClientSettings {

    /** What brokers send at once and the consumer keeps until it is asked for: bounded as everything is. */
    private static final int FETCH_BYTES = 8 << 20;
    private static final int FETCH_RECORDS = 1000;
    /** What emc's own classes learn by properties that Kafka passes on. */
    private static final Set<String> OWN = Set.of(KafkaTls.CONTEXT, TokenLogin.STATE);
    private static final int TOKEN_CONNECT_MILLIS = 5000;
    private static final int TOKEN_READ_MILLIS = 10_000;

    private ClientSettings() {}

    /**
     * @param name of the worker, for the brokers' logs; null for none
     * @param login learns how logins at a token endpoint go
     */
    static Map<String, Object> consumer(KafkaSourceConfig config, String name, LoginState login) throws FatalException {
        Map<String, Object> properties = common(config.bootstrapServers(), config.tls(), config.sasl(), name);
        properties.put(TokenLogin.STATE, login);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, FETCH_RECORDS);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, config.isolation().name().toLowerCase(Locale.ROOT));
        if (config.positions() == KafkaSourceConfig.Positions.KAFKA) {
            properties.put(ConsumerConfig.GROUP_ID_CONFIG, config.group().orElseThrow());
            if (!isNewProtocol(config)) {
                properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(CooperativeStickyAssignor.class));
                int session = (int) config.sessionTimeout().toMillis();
                properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, session);
                properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, Math.min(3000, Math.max(1, session / 3)));
            }
        }
        properties.putAll(config.consumer());
        allowTokenEndpoint(properties);
        return properties;
    }

    /** Whether the brokers do the assignment (KIP-848): some settings are theirs then. */
    static boolean isNewProtocol(KafkaSourceConfig config) {
        return config.consumer().getOrDefault(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic").equalsIgnoreCase("consumer");
    }

    /** As {@link #consumer}. */
    static Map<String, Object> producer(KafkaSinkConfig config, String name, LoginState login) throws FatalException {
        Map<String, Object> properties = common(config.bootstrapServers(), config.tls(), config.sasl(), name);
        properties.put(TokenLogin.STATE, login);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, config.compression().name().toLowerCase(Locale.ROOT));
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) config.deliveryTimeout().toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) config.requestTimeout().toMillis());
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, config.requestTimeout().toMillis());
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, (int) config.maxRecordBytes().asLongValue());
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, (int) config.producerBatchSize().asLongValue());
        properties.put(ProducerConfig.LINGER_MS_CONFIG, config.linger().toMillis());
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, config.bufferMemory().asLongValue());
        properties.putAll(config.producer());
        allowTokenEndpoint(properties);
        return properties;
    }

    /** Properties of an admin client that uses the connection of another client. */
    static Map<String, Object> admin(Map<String, Object> client) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.keySet().removeIf(name -> !AdminClientConfig.configNames().contains(name) && !OWN.contains(name));
        return properties;
    }

    private static Map<String, Object> common(List<String> servers, TlsSettings tls, SaslSettings sasl, String name)
            throws FatalException {
        Map<String, Object> properties = new HashMap<>();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        if (name != null) {
            properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, name);
        }
        properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        boolean login = sasl.mechanism().isPresent();
        properties.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                (login ? "SASL_" : "") + (tls.enabled() ? "SSL" : "PLAINTEXT"));
        if (tls.enabled()) {
            properties.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, KafkaTls.class);
            properties.put(KafkaTls.CONTEXT, Tls.client(tls));
            properties.put(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, tls.verifyHost() ? "https" : "");
        }
        if (login) {
            properties.put(SaslConfigs.SASL_MECHANISM, sasl.mechanism().get().name().replace('_', '-'));
            if (sasl.mechanism().get() == Mechanism.OAUTHBEARER) {
                token(sasl, properties);
            } else {
                password(sasl, properties);
            }
        }
        return properties;
    }

    private static void password(SaslSettings sasl, Map<String, Object> properties) {
        Class<?> module = sasl.mechanism().get() == Mechanism.PLAIN ? PlainLoginModule.class : ScramLoginModule.class;
        properties.put(SaslConfigs.SASL_JAAS_CONFIG, module.getName() + " required username="
                + quoted(sasl.username().orElse("")) + " password=" + quoted(sasl.password().orElse("")) + ";");
    }

    private static void token(SaslSettings sasl, Map<String, Object> properties) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put(OAuthBearerLoginCallbackHandler.CLIENT_ID_CONFIG, sasl.clientId().orElseThrow());
        options.put(OAuthBearerLoginCallbackHandler.CLIENT_SECRET_CONFIG, sasl.clientSecret().orElseThrow());
        sasl.scope().ifPresent(scope -> options.put(OAuthBearerLoginCallbackHandler.SCOPE_CONFIG, scope));
        sasl.extensions().forEach((name, value) -> options.put("extension_" + name, value));
        sasl.tokenCa().ifPresent(file -> {
            options.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
            options.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, file.toString());
        });
        StringBuilder jaas = new StringBuilder(OAuthBearerLoginModule.class.getName()).append(" required");
        options.forEach((name, value) -> jaas.append(' ').append(name).append('=').append(quoted(value)));
        properties.put(SaslConfigs.SASL_JAAS_CONFIG, jaas.append(';').toString());
        properties.put(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS, TokenLogin.class);
        properties.put(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL, sasl.tokenUrl().orElseThrow());
        properties.put(SaslConfigs.SASL_OAUTHBEARER_HEADER_URLENCODE, true); // as RFC 6749, 2.3.1 wants it
        properties.put(SaslConfigs.SASL_LOGIN_CONNECT_TIMEOUT_MS, TOKEN_CONNECT_MILLIS);
        properties.put(SaslConfigs.SASL_LOGIN_READ_TIMEOUT_MS, TOKEN_READ_MILLIS);
        // one attempt: the worker tries again, and so does who renews tokens; Kafka's own retries can't be ended while they last
        properties.put(SaslConfigs.SASL_LOGIN_RETRY_BACKOFF_MS, 0L);
        properties.put(SaslConfigs.SASL_LOGIN_RETRY_BACKOFF_MAX_MS, 0L);
    }

    /** Kafka's client asks for tokens only where a system property allows it; who has written the configuration does so. */
    private static synchronized void allowTokenEndpoint(Map<String, Object> properties) {
        Object url = properties.get(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL);
        if (url != null) {
            String allowed = System.getProperty(BrokerSecurityConfigs.ALLOWED_SASL_OAUTHBEARER_URLS_CONFIG, "");
            if (!List.of(allowed.split(",")).contains(url)) {
                System.setProperty(BrokerSecurityConfigs.ALLOWED_SASL_OAUTHBEARER_URLS_CONFIG,
                        allowed.isEmpty() ? url.toString() : allowed + ',' + url);
            }
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
