package dev.emc.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.emc.api.Position;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;

/** A member of a consumer group: the group hands out the partitions and keeps the progress. */
final class GroupReading implements Reading, ConsumerRebalanceListener {

    private static final Logger LOG = Logger.getLogger(KafkaSource.class);
    private static final Duration COMMIT = Duration.ofSeconds(10);

    private final Consumer<?, ?> consumer;
    private final SourceContext context;
    private final Fetched fetched;
    private final Topics topics;
    private final Offsets offsets;
    private final Duration releaseTimeout;
    private Exception failure;
    private boolean ending;

    GroupReading(KafkaSourceConfig config, Consumer<?, ?> consumer, SourceContext context, Fetched fetched) {
        this.consumer = consumer;
        this.context = context;
        this.fetched = fetched;
        this.topics = new Topics(config, consumer);
        this.offsets = new Offsets(config, consumer);
        this.releaseTimeout = config.releaseTimeout();
    }

    @Override
    public void begin() throws Exception {
        topics.partitions();
        if (topics.pattern().isPresent()) {
            consumer.subscribe(topics.pattern().get(), this);
        } else {
            consumer.subscribe(topics.names(), this);
        }
    }

    /** Throws what went wrong in a rebalance, which the consumer's own callbacks can't. */
    @Override
    public void refresh() throws Exception {
        Exception error = failure;
        failure = null;
        if (error != null) {
            throw error;
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        LOG.debugf("the group gives %s", partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (ending || partitions.isEmpty()) {
            return; // the worker has finished what it could
        }
        LOG.debugf("the group takes %s", partitions);
        fetched.drop(partitions);
        try {
            context.release(positions(partitions), releaseTimeout);
        } catch (Exception error) {
            failure = error;
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        if (ending || partitions.isEmpty()) {
            return;
        }
        LOG.warnf("The group has given %s to others, because this worker could not be reached or was too slow: what was not"
                + " committed comes again", Offsets.text(partitions));
        fetched.drop(partitions);
        context.abandon(positions(partitions));
    }

    private static List<Map<String, Object>> positions(Collection<TopicPartition> partitions) {
        return partitions.stream().map(RecordReader::partition).toList();
    }

    @Override
    public void recover(InvalidOffsetException nowhere) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        offsets.recover(nowhere).forEach((partition, offset) -> found.put(partition, new OffsetAndMetadata(offset)));
        // at once, so that what comes until the first record was read isn't skipped after a restart
        consumer.commitSync(found, COMMIT);
        found.forEach(consumer::seek);
    }

    @Override
    public void commit(List<SourceRecord> accepted) {
        Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        for (SourceRecord record : accepted) {
            Position position = (Position) record.progress();
            ends.put(RecordReader.partition(position), new OffsetAndMetadata(RecordReader.offset(position)));
        }
        consumer.commitSync(ends, COMMIT);
    }

    @Override
    public void end() {
        ending = true;
    }
}
