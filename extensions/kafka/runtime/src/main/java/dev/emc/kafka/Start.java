package dev.emc.kafka;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Where partitions begin that have no progress yet.
 *
 * @param time in milliseconds; only with {@link Kind#TIME}
 */
record Start(Kind kind, long time) {

    static final Duration TIMEOUT = Duration.ofSeconds(10);

    enum Kind {
        EARLIEST, LATEST, NONE, TIME
    }

    /** @throws IllegalArgumentException when it is none of the words and no time */
    static Start parse(String text) {
        switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "earliest" -> {
                return new Start(Kind.EARLIEST, 0);
            }
            case "latest" -> {
                return new Start(Kind.LATEST, 0);
            }
            case "none" -> {
                return new Start(Kind.NONE, 0);
            }
            default -> {
                try {
                    return new Start(Kind.TIME, OffsetDateTime.parse(text.strip()).toInstant().toEpochMilli());
                } catch (DateTimeException noTime) {
                    throw new IllegalArgumentException("expected earliest, latest, none or a time such as 2026-11-22T10:00:00Z",
                            noTime);
                }
            }
        }
    }

    /** Asks the brokers for the offsets. Not with {@link Kind#NONE}. */
    Map<TopicPartition, Long> offsets(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        return switch (kind) {
            case EARLIEST -> consumer.beginningOffsets(partitions, TIMEOUT);
            case LATEST -> consumer.endOffsets(partitions, TIMEOUT);
            case TIME -> byTime(consumer, partitions);
            case NONE -> throw new IllegalStateException("nowhere to start");
        };
    }

    private Map<TopicPartition, Long> byTime(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, time));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Map.Entry<TopicPartition, OffsetAndTimestamp> found : consumer.offsetsForTimes(times, TIMEOUT).entrySet()) {
            if (found.getValue() != null) {
                offsets.put(found.getKey(), found.getValue().offset());
            }
        }
        Set<TopicPartition> later = new HashSet<>(partitions);
        later.removeAll(offsets.keySet());
        if (!later.isEmpty()) {
            offsets.putAll(consumer.endOffsets(later, TIMEOUT)); // all of their records are older
        }
        return offsets;
    }
}
