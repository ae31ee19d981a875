package dev.emc.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

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
    private boolean running;
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
        running = true;
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
            begin(fresh);
        }
    }

    /** Partitions that nobody has read yet. Those that came after reading had begun are read whole, whatever the start. */
    private void begin(Set<TopicPartition> fresh) throws Exception {
        Set<String> begun = new HashSet<>();
        context.positions().forEach(position -> begun.add(RecordReader.partition(position).topic()));
        Map<Boolean, List<TopicPartition>> later = fresh.stream()
                .collect(Collectors.partitioningBy(partition -> running || begun.contains(partition.topic())));
        Map<TopicPartition, Long> found = new HashMap<>();
        if (!later.get(true).isEmpty()) {
            found.putAll(consumer.beginningOffsets(later.get(true), Start.TIMEOUT));
        }
        if (!later.get(false).isEmpty()) {
            found.putAll(offsets.beginnings(later.get(false)));
        }
        List<Position> positions = new ArrayList<>();
        found.forEach((partition, offset) -> positions.add(RecordReader.position(RecordReader.partition(partition), offset)));
        context.begin(positions);
        found.forEach(consumer::seek);
    }

    @Override
    public void recover(InvalidOffsetException nowhere) throws Exception {
        offsets.recover(nowhere).forEach(consumer::seek);
    }
}
