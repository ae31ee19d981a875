package dev.emc.kafka;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;

import dev.emc.api.Position;
import dev.emc.api.SourceContext;

/** Reads all partitions alone, each from where the worker's registry says. */
final class RegistryReading implements Reading {

    private static final long DISCOVERY = TimeUnit.MINUTES.toNanos(1);

    private final Consumer<?, ?> consumer;
    private final SourceContext context;
    private final Topics topics;
    private final Offsets offsets;
    private final Set<TopicPartition> known = new HashSet<>();
    private long discoverAt;

    RegistryReading(KafkaSourceConfig config, Consumer<?, ?> consumer, SourceContext context) {
        this.consumer = consumer;
        this.context = context;
        this.topics = new Topics(config, consumer);
        this.offsets = new Offsets(config, consumer);
    }

    @Override
    public void begin() throws Exception {
        assign(topics.partitions());
        discoverAt = System.nanoTime() + DISCOVERY;
    }

    /** Looks for new partitions from time to time. */
    @Override
    public void refresh() throws Exception {
        if (System.nanoTime() - discoverAt >= 0) {
            discoverAt = System.nanoTime() + DISCOVERY;
            assign(topics.partitions());
        }
    }

    private void assign(Set<TopicPartition> found) throws Exception {
        Set<TopicPartition> added = new HashSet<>(found);
        added.removeAll(known);
        if (added.isEmpty()) {
            return;
        }
        Set<TopicPartition> fresh = new HashSet<>();
        known.addAll(added);
        consumer.assign(known);
        for (TopicPartition partition : added) {
            Optional<Position> position = context.position(RecordReader.partition(partition));
            if (position.isPresent()) {
                consumer.seek(partition, RecordReader.offset(position.get()));
            } else {
                fresh.add(partition);
            }
        }
        if (!fresh.isEmpty()) {
            offsets.beginnings(fresh).forEach(consumer::seek);
        }
    }

    @Override
    public void recover(InvalidOffsetException nowhere) throws Exception {
        offsets.recover(nowhere).forEach(consumer::seek);
    }
}
