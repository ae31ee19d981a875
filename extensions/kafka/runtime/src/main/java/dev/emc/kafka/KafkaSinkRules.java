package dev.emc.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.ProducerConfig;

import dev.emc.api.ConfigProblem;
import dev.emc.kit.Template;

/** What can't work in the settings of a Kafka sink. */
final class KafkaSinkRules {

    private static final Map<String, String> OWNED = new HashMap<>();

    static {
        OWNED.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "use connector.bootstrap-servers");
        OWNED.put(ProducerConfig.ACKS_CONFIG, "remove it, every record is on all in-sync replicas before it is acknowledged");
        OWNED.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "remove it, the producer is always idempotent");
        OWNED.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "use connector.transactions and connector.transactional-id");
        OWNED.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "use connector.compression");
        OWNED.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "use connector.delivery-timeout");
        OWNED.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "use connector.request-timeout");
        OWNED.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "use connector.max-record-bytes");
        OWNED.put(ProducerConfig.BATCH_SIZE_CONFIG, "use connector.producer-batch-size");
        OWNED.put(ProducerConfig.LINGER_MS_CONFIG, "use connector.linger");
        OWNED.put(ProducerConfig.BUFFER_MEMORY_CONFIG, "use connector.buffer-memory");
        OWNED.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, "remove it, connector.key says what keys are made of");
        OWNED.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, "remove it, connector.format says what values are made of");
    }

    private KafkaSinkRules() {}

    static List<ConfigProblem> check(KafkaSinkConfig config) {
        List<ConfigProblem> problems = new ArrayList<>();
        Rules.connection(config.bootstrapServers(), config.tls(), config.sasl(), problems);
        List<ConfigProblem> topic = Template.check("topic", config.topic());
        problems.addAll(topic);
        if (topic.isEmpty() && Template.parse(config.topic()).isConstant()
                && !config.topic().matches("[a-zA-Z0-9._-]{1,249}")) {
            problems.add(new ConfigProblem("topic", "\"" + config.topic() + "\" can't be a topic's name",
                    "use up to 249 letters, digits, dots, hyphens and underscores"));
        }
        config.key().ifPresent(key -> problems.addAll(Template.check("key", key)));
        config.headers().forEach((name, value) -> problems.addAll(Template.check("headers." + name, value)));
        numbers(config, problems);
        if (config.transactionalId().isPresent() && !config.transactions()) {
            problems.add(new ConfigProblem("transactional-id", "has no effect without transactions",
                    "set connector.transactions to true"));
        }
        Rules.properties("producer", config.producer(), ProducerConfig.configDef(), OWNED, problems);
        return problems;
    }

    private static void numbers(KafkaSinkConfig config, List<ConfigProblem> problems) {
        Rules.positive("request-timeout", config.requestTimeout().toMillis(), problems);
        Rules.positive("max-record-bytes", config.maxRecordBytes().asLongValue(), problems);
        Rules.positive("producer-batch-size", config.producerBatchSize().asLongValue(), problems);
        Rules.positive("buffer-memory", config.bufferMemory().asLongValue(), problems);
        if (config.linger().isNegative()) {
            problems.add(new ConfigProblem("linger", "can't be negative"));
        }
        if (config.deliveryTimeout().compareTo(config.requestTimeout().plus(config.linger())) < 0) {
            problems.add(new ConfigProblem("delivery-timeout",
                    "must not be shorter than connector.request-timeout and connector.linger together"));
        }
    }
}
