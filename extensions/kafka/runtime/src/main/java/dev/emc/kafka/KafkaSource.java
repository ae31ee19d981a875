package dev.emc.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.FatalException;
import dev.emc.api.Guarantees;
import dev.emc.api.RetryableException;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;

/** Reads topics of Kafka: as a member of a consumer group, or alone with the positions of the worker's registry. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, ordering = "as in each partition; a retry may reorder, unless `ordering: strict`", idempotency = "what is read again has the same event `id`: topic, partition and offset, or the event's own", testedWith = "Apache Kafka 4.0.0", limits = {
        "With `start: latest` and a group, records that come to a new partition before the source has found it are left out.",
        "A topic that is deleted and made anew has the same event ids again.",
        "Of CloudEvents only the JSON format and events in headers are recognised, not Avro or Protobuf."})
public class KafkaSource implements Source {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaSourceConfig config;
    private final String servers;
    private final KafkaErrors errors;
    private final Fetched fetched;
    private Consumer<byte[], byte[]> consumer;
    private Reading reading;
    private Metric connections;
    private long connectedAt;
    private boolean paused;
    /** While it is paused, when the consumer itself learns nothing; -1 for not known. */
    private long lagWhilePaused = -1;

    public KafkaSource(KafkaSourceConfig config) {
        this.config = config;
        this.servers = String.join(",", config.bootstrapServers());
        this.errors = new KafkaErrors(servers);
        this.fetched = new Fetched(new RecordReader(config));
    }

    @Override
    public List<ConfigProblem> validate() {
        return KafkaSourceRules.check(config);
    }

    @Override
    public List<Check> check() throws Exception {
        return KafkaSourceCheck.check(config);
    }

    @Override
    public boolean selfCoordinated() {
        return config.positions() == KafkaSourceConfig.Positions.KAFKA;
    }

    @Override
    public void start(SourceContext context) throws Exception {
        Map<String, Object> properties = ClientSettings.consumer(config, context.name(), errors.login());
        Brokers.checkListening(servers);
        try (Admin first = ClientSettings.isNewProtocol(config) ? Admin.create(ClientSettings.admin(properties)) : null) {
            // with the new protocol a consumer that can't be made or log in doesn't say so, and its close() hangs
            consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            reading = selfCoordinated()
                    ? new GroupReading(config, consumer, context, fetched)
                    : new RegistryReading(config, consumer, context);
            reading.begin();
        } catch (KafkaException error) {
            close(); // the next attempt makes another one
            throw errors.translate("reading from Kafka", error);
        } catch (RetryableException | FatalException error) {
            close();
            throw error;
        }
        connections = consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("connection-count")).findFirst().orElseThrow().getValue();
        connectedAt = System.nanoTime();
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws Exception {
        if (paused) {
            consumer.resume(consumer.paused());
            paused = false;
        }
        if (fetched.isEmpty()) {
            fetch(wait);
        }
        return fetched.take(max);
    }

    /** Stays a member of the group while the worker has no room for more records. */
    @Override
    public void idle() throws Exception {
        paused = true;
        consumer.pause(consumer.assignment());
        fetch(Duration.ZERO);
        lagWhilePaused = measuredLag();
    }

    /** Asks the brokers how many records the consumer has still to fetch; -1 when they don't say it at once. */
    private long measuredLag() throws InterruptedException {
        try {
            long lag = 0;
            for (Map.Entry<TopicPartition, Long> end : consumer.endOffsets(consumer.assignment(), LOOK).entrySet()) {
                lag += Math.max(0, end.getValue() - consumer.position(end.getKey(), Duration.ZERO));
            }
            return lag;
        } catch (InterruptException error) {
            Thread.interrupted(); // the exception says it
            throw new InterruptedException();
        } catch (KafkaException unknown) {
            return -1;
        }
    }

    private void fetch(Duration wait) throws Exception {
        try {
            reading.refresh();
            ConsumerRecords<byte[], byte[]> records = consumer.poll(wait);
            if (paused) {
                consumer.pause(consumer.assignment()); // what has come in with a rebalance
            }
            fetched.add(records);
        } catch (InvalidOffsetException nowhere) {
            try {
                reading.recover(nowhere);
            } catch (KafkaException error) {
                throw errors.translate("finding where to begin", error);
            }
        } catch (KafkaException error) {
            throw errors.translate("reading from Kafka", error);
        }
        checkConnection();
    }

    /** The consumer itself waits for its brokers in silence. */
    private void checkConnection() throws RetryableException {
        long now = System.nanoTime();
        // while it is paused it may have no need of a connection
        if (paused || !fetched.isEmpty() || ((Number) connections.metricValue()).doubleValue() > 0) {
            connectedAt = now;
        } else if (now - connectedAt > PATIENCE) {
            throw new RetryableException("no broker of Kafka answers at " + servers);
        }
    }

    @Override
    public void commit(List<SourceRecord> accepted) throws Exception {
        try {
            reading.commit(accepted);
        } catch (KafkaException error) {
            throw errors.translate("committing offsets to Kafka", error);
        }
    }

    /** Records that are in Kafka and were not read, as far as the brokers have told. */
    @Override
    public long lag() {
        if (paused && lagWhilePaused >= 0) {
            return fetched.size() + lagWhilePaused;
        }
        long lag = fetched.size();
        boolean known = consumer.assignment().isEmpty();
        for (TopicPartition partition : consumer.assignment()) {
            OptionalLong ofPartition = consumer.currentLag(partition);
            if (ofPartition.isPresent()) {
                known = true;
                lag += ofPartition.getAsLong();
            }
        }
        return known ? lag : -1;
    }

    @Override
    public void close() {
        if (consumer != null) {
            boolean interrupted = Thread.interrupted(); // which would keep it from leaving the group
            try {
                if (reading != null) {
                    reading.end();
                }
                consumer.close(CLOSE);
            } finally {
                consumer = null;
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
