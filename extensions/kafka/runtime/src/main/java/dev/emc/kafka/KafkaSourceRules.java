package dev.emc.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import org.apache.kafka.clients.consumer.ConsumerConfig;

import dev.emc.api.ConfigProblem;

/** What can't work in the settings of a Kafka source. */
final class KafkaSourceRules {

    private static final Map<String, String> OWNED = new HashMap<>();

    static {
        String never = "remove it, offsets are committed once the mesh has accepted the records";
        OWNED.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "use connector.bootstrap-servers");
        OWNED.put(ConsumerConfig.GROUP_ID_CONFIG, "use connector.group");
        OWNED.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, never);
        OWNED.put(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, never);
        OWNED.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "use connector.start");
        OWNED.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "use connector.isolation");
        OWNED.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "use connector.session-timeout");
        OWNED.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, "remove it, keys are carried byte by byte");
        OWNED.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, "remove it, payloads are carried byte by byte");
    }

    private KafkaSourceRules() {}

    static List<ConfigProblem> check(KafkaSourceConfig config) {
        List<ConfigProblem> problems = new ArrayList<>();
        Rules.connection(config.bootstrapServers(), config.tls(), config.sasl(), problems);
        topics(config, problems);
        if (config.positions() == KafkaSourceConfig.Positions.KAFKA && config.group().isEmpty()) {
            problems.add(new ConfigProblem("group", "is needed with connector.positions: kafka",
                    "name the consumer group, or set connector.positions to registry"));
        }
        try {
            Start.parse(config.start());
        } catch (IllegalArgumentException wrong) {
            problems.add(new ConfigProblem("start", wrong.getMessage()));
        }
        Rules.positive("session-timeout", config.sessionTimeout().toMillis(), problems);
        named("type", config.type(), problems);
        named("source", config.source(), problems);
        config.meshTopic().ifPresent(topic -> named("mesh-topic", topic, problems));
        if (config.headers().size() > 1 && (config.headers().contains("all") || config.headers().contains("none"))) {
            problems.add(new ConfigProblem("headers", "all and none stand alone"));
        }
        Rules.properties("consumer", config.consumer(), ConsumerConfig.configDef(), OWNED, problems);
        return problems;
    }

    private static void topics(KafkaSourceConfig config, List<ConfigProblem> problems) {
        if (config.topics().isPresent() == config.topicPattern().isPresent()) {
            problems.add(config.topics().isPresent()
                    ? new ConfigProblem("topic-pattern", "can't stand beside connector.topics", "keep one of them")
                    : new ConfigProblem("topics", "is needed, or connector.topic-pattern"));
        }
        config.topics().orElse(List.of()).stream().filter(topic -> !topic.matches("[a-zA-Z0-9._-]{1,249}")).findFirst()
                .ifPresent(topic -> problems.add(new ConfigProblem("topics", "\"" + topic + "\" can't be a topic's name",
                        "for a regular expression use connector.topic-pattern")));
        config.topicPattern().ifPresent(pattern -> {
            try {
                Pattern.compile(pattern);
            } catch (PatternSyntaxException wrong) {
                problems.add(new ConfigProblem("topic-pattern", "is no regular expression: " + wrong.getDescription()
                        + " at character " + (wrong.getIndex() + 1)));
            }
        });
    }

    private static void named(String key, String template, List<ConfigProblem> problems) {
        if (template.replace("{topic}", "").matches("(?s).*[{}].*")) {
            problems.add(new ConfigProblem(key, "has a brace that isn't {topic}, which is all that stands for something here"));
        }
    }
}
