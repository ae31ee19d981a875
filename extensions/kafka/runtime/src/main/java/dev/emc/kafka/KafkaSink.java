package dev.emc.kafka;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.Guarantees;
import dev.emc.api.PermanentException;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;
import dev.emc.kit.Template;

/** Writes events to topics of Kafka, each batch in one transaction if wanted. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, ordering = "as received in each partition; a retry may reorder, unless `ordering: strict` or `connector.transactions: true`", idempotency = "what comes again is written again, with the same `ce_id` (the producer's own retries are not)", testedWith = "Apache Kafka 4.0.0", limits = {
        "With `connector.transactions: true` an event may still be there twice after a crash: the mesh takes no part in the transaction.",
        "Where a topic takes less than `connector.producer-batch-size`, the sink finds that out by a retry: what it writes meanwhile"
                + " may be out of order, unless `ordering: strict` or `connector.transactions: true`.",
        "Topics are not created, unless the brokers do that by themselves (`auto.create.topics.enable`)."})
public class KafkaSink implements Sink {

    private static final Logger LOG = Logger.getLogger(KafkaSink.class);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final int TRANSACTION_MILLIS = 60_000;
    /** What brokers allow at the most, by default. */
    private static final int LONGEST_TRANSACTION_MILLIS = 900_000;

    private final KafkaSinkConfig config;
    private final String servers;
    private final KafkaErrors errors;
    private Map<String, Object> properties;
    private RecordWriter writer;
    private RecordErrors recordErrors;
    private String transactionalId;
    private Producer<byte[], byte[]> producer;
    /** Topics that refuse the batches that were tried last. */
    private final Set<String> narrow = new TreeSet<>();
    /** Whether records may still be on their way. */
    private boolean sending;

    public KafkaSink(KafkaSinkConfig config) {
        this.config = config;
        this.servers = String.join(",", config.bootstrapServers());
        this.errors = new KafkaErrors(servers);
    }

    @Override
    public List<ConfigProblem> validate() {
        return KafkaSinkRules.check(config);
    }

    @Override
    public List<Check> check() throws Exception {
        return KafkaSinkCheck.check(config);
    }

    /** With transactions whoever reads what is committed sees the order of the batches. */
    @Override
    public boolean ordered() {
        return config.transactions();
    }

    @Override
    public void start(SinkContext context) throws Exception {
        Template topic = Template.parse(config.topic());
        writer = new RecordWriter(config);
        recordErrors = new RecordErrors(errors, topic.isConstant());
        properties = ClientSettings.producer(config, context.name(), errors.login());
        if (config.transactions()) {
            transactionalId = config.transactionalId().orElseGet(() -> context.name() + '-' + host());
            properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
            properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                    (int) Math.min(LONGEST_TRANSACTION_MILLIS,
                            Math.max(TRANSACTION_MILLIS, 2 * config.deliveryTimeout().toMillis())));
        }
        Brokers.checkListening(servers);
        if (topic.isConstant()) {
            findTopic(topic.toString());
        } else {
            Brokers.reach(ClientSettings.admin(properties), errors, config.requestTimeout());
        }
    }

    private static String host() {
        String name = System.getenv("HOSTNAME");
        if (name != null && !name.isBlank()) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    private void findTopic(String topic) throws Exception {
        try {
            producer().partitionsFor(topic);
        } catch (KafkaException error) {
            if (RecordErrors.isMissingTopic(error)) {
                throw new FatalException("Kafka has no topic " + topic + "; create it, or change connector.topic", error);
            }
            throw errors.translate("connecting to Kafka", error);
        }
    }

    private Producer<byte[], byte[]> producer() throws Exception {
        if (producer == null) {
            try {
                producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
                if (transactionalId != null) {
                    producer.initTransactions();
                }
            } catch (KafkaException error) {
                discard();
                throw errors.translate("connecting to Kafka", error);
            }
        }
        return producer;
    }

    @Override
    public List<Failure> put(List<ConnectorRecord> batch) throws Exception {
        try {
            return transactionalId == null ? write(batch) : writeTogether(batch);
        } catch (KafkaException error) {
            Exception translated = errors.translate("writing to Kafka", error);
            if (!(translated instanceof InterruptedException)) {
                discard();
            }
            throw translated;
        }
    }

    private List<Failure> write(List<ConnectorRecord> batch) throws Exception {
        Delivery delivery = deliver(batch, false);
        List<Failure> failures = new ArrayList<>(delivery.bad);
        while (makesSmallerBatches(delivery)) {
            delivery = deliver(delivery.failed.stream().map(Failure::record).toList(), false);
            failures.addAll(delivery.bad);
        }
        if (delivery.isInVain() && delivery.failed.size() == batch.size()) {
            discard(); // one that has failed for good says so with every record
            throw delivery.worst();
        }
        failures.addAll(delivery.failed);
        return failures;
    }

    private Delivery deliver(List<ConnectorRecord> batch, boolean together) throws Exception {
        Delivery delivery = new Delivery(writer, recordErrors, config.linger().toMillis() > 0);
        Producer<byte[], byte[]> to = producer();
        sending = true;
        delivery.send(to, batch, together);
        sending = false;
        return delivery;
    }

    /** After a topic has refused batches as too long: what has failed is to be written again then. */
    private boolean makesSmallerBatches(Delivery delivery) {
        int size = (int) properties.get(ProducerConfig.BATCH_SIZE_CONFIG);
        if (!delivery.narrow().isEmpty()) {
            discard();
            narrow.addAll(delivery.narrow());
            properties.put(ProducerConfig.BATCH_SIZE_CONFIG, size / 2);
            return true;
        }
        if (!narrow.isEmpty()) {
            LOG.warnf("Topic %s doesn't take batches of %s bytes (max.message.bytes); from now on they have up to %s bytes;"
                    + " set connector.producer-batch-size to that, or raise the topic's limit", String.join(", ", narrow),
                    Long.toString(2L * size), Integer.toString(size));
            narrow.clear();
        }
        return false;
    }

    /** Writes all good records of a batch in one transaction. Each bad one costs an attempt. */
    private List<Failure> writeTogether(List<ConnectorRecord> batch) throws Exception {
        List<Failure> bad = new ArrayList<>();
        List<ConnectorRecord> left = new ArrayList<>(batch);
        while (!left.isEmpty()) {
            producer().beginTransaction();
            Delivery delivery = deliver(left, true);
            if (makesSmallerBatches(delivery)) {
                continue; // the new producer aborts the transaction
            }
            if (!delivery.isSpoiled()) {
                producer.commitTransaction();
                bad.addAll(delivery.bad); // they were never sent
                return bad;
            }
            producer.abortTransaction();
            Failure culprit = delivery.culprit();
            if (culprit == null) {
                throw spoiled(delivery, left.size());
            }
            bad.add(culprit);
            left.removeIf(event -> event == culprit.record());
        }
        return bad;
    }

    /** Why a transaction was aborted: for a bad event that the worker has to find, or because nothing can be written now. */
    private static Exception spoiled(Delivery delivery, int events) {
        if (delivery.bad.isEmpty()) {
            return delivery.worst();
        }
        Exception error = delivery.bad.get(0).error();
        return events == 1 ? error : new PermanentException("an event spoils its transaction: " + error.getMessage(), error);
    }

    /** Gives up a producer that may be of no use any more; the next batch gets a new one. */
    private void discard() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    @Override
    public void close() {
        if (producer != null) {
            boolean interrupted = Thread.interrupted(); // which would leave its thread behind
            try {
                producer.close(sending ? Duration.ZERO : CLOSE);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
