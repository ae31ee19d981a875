package dev.emc.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

import dev.emc.api.RetryableException;

/** The topics that a source reads. */
final class Topics {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final KafkaSourceConfig config;
    private final Optional<Pattern> pattern;
    private final Consumer<?, ?> consumer;

    Topics(KafkaSourceConfig config, Consumer<?, ?> consumer) {
        this.config = config;
        this.pattern = config.topicPattern().map(Pattern::compile);
        this.consumer = consumer;
    }

    Optional<Pattern> pattern() {
        return pattern;
    }

    List<String> names() {
        return config.topics().orElse(List.of());
    }

    /**
     * Asks the brokers for all their partitions.
     *
     * @throws RetryableException when a topic that has a name isn't there
     */
    Set<TopicPartition> partitions() throws RetryableException {
        List<PartitionInfo> found = new ArrayList<>();
        if (pattern.isPresent()) {
            consumer.listTopics(TIMEOUT).forEach((topic, partitions) -> {
                if (pattern.get().matcher(topic).matches()) {
                    found.addAll(partitions);
                }
            });
        }
        for (String topic : names()) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic, TIMEOUT);
            if (partitions == null || partitions.isEmpty()) {
                throw new RetryableException("Kafka has no topic " + topic + "; create it, or change connector.topics");
            }
            found.addAll(partitions);
        }
        Set<TopicPartition> partitions = new HashSet<>();
        found.forEach(partition -> partitions.add(new TopicPartition(partition.topic(), partition.partition())));
        return partitions;
    }
}
