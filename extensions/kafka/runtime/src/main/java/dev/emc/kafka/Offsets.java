package dev.emc.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.emc.api.FatalException;

/** Finds where to read on in partitions that have no place, or one where nothing is. */
final class Offsets {

    private static final Logger LOG = Logger.getLogger(KafkaSource.class);

    private final Start start;
    private final Consumer<?, ?> consumer;

    Offsets(KafkaSourceConfig config, Consumer<?, ?> consumer) {
        this.start = Start.parse(config.start());
        this.consumer = consumer;
    }

    /** Where partitions begin that nobody has read yet. */
    Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions) throws FatalException {
        if (start.kind() == Start.Kind.NONE) {
            throw new FatalException("there is no progress for " + text(partitions) + ", and connector.start is none;"
                    + " set the offsets, or connector.start to earliest, latest or a time");
        }
        return start.offsets(consumer, partitions);
    }

    /** Where to go from where the consumer can't read. */
    Map<TopicPartition, Long> recover(InvalidOffsetException nowhere) throws FatalException {
        if (!(nowhere instanceof OffsetOutOfRangeException missing)) {
            return beginnings(nowhere.partitions());
        }
        Map<TopicPartition, Long> wanted = missing.offsetOutOfRangePartitions();
        if (start.kind() == Start.Kind.NONE) {
            throw new FatalException("the records that come next in " + text(wanted.keySet()) + " aren't in Kafka any more, and"
                    + " connector.start is none; set the offsets, or connector.start to earliest");
        }
        Map<TopicPartition, OffsetAndMetadata> diverged = nowhere instanceof LogTruncationException truncated
                ? truncated.divergentOffsets()
                : Map.of();
        Map<TopicPartition, Long> first = consumer.beginningOffsets(wanted.keySet(), Start.TIMEOUT);
        Map<TopicPartition, Long> found = new HashMap<>();
        Set<TopicPartition> beyond = new HashSet<>();
        wanted.forEach((partition, offset) -> {
            if (diverged.containsKey(partition)) {
                found.put(partition, diverged.get(partition).offset());
                LOG.warnf("Topic %s was cut off in partition %d: reading goes on at offset %d, not %d", partition.topic(),
                        partition.partition(), found.get(partition), offset);
            } else if (offset < first.get(partition)) {
                found.put(partition, first.get(partition));
                LOG.warnf(
                        "%d records of topic %s, partition %d, were deleted in Kafka before they were read: reading goes on at"
                                + " offset %d",
                        first.get(partition) - offset, partition.topic(), partition.partition(),
                        first.get(partition));
            } else {
                beyond.add(partition);
            }
        });
        if (!beyond.isEmpty()) {
            found.putAll(start.offsets(consumer, beyond));
            beyond.forEach(partition -> LOG.warnf(
                    "Topic %s ends in partition %d before offset %d, where reading should go on (was"
                            + " it made anew?): it goes on at offset %d",
                    partition.topic(), partition.partition(), wanted.get(partition),
                    found.get(partition)));
        }
        return found;
    }

    /** For messages. */
    static String text(Collection<TopicPartition> partitions) {
        return partitions.stream().collect(Collectors.groupingBy(TopicPartition::topic, java.util.TreeMap::new,
                Collectors.mapping(partition -> Integer.toString(partition.partition()), Collectors.joining(", ")))).entrySet()
                .stream().map(topic -> "topic " + topic.getKey() + " (partition " + topic.getValue() + ")")
                .collect(Collectors.joining(", "));
    }
}
