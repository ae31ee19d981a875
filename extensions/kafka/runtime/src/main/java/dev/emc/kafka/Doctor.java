package dev.emc.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import dev.emc.api.Check;

/** Looks at brokers, topics and permissions without changing anything. */
final class Doctor implements AutoCloseable {

    private static final int TIMEOUT = 10_000;

    private final Map<String, Object> properties;
    private Admin admin;
    private final KafkaErrors errors;
    private final String servers;
    private final List<Check> checks = new ArrayList<>();

    Doctor(Map<String, Object> client, KafkaErrors errors, String servers) {
        this.properties = ClientSettings.admin(client);
        this.errors = errors;
        this.servers = servers;
    }

    List<Check> checks() {
        return checks;
    }

    void passed(String subject, String message) {
        checks.add(Check.passed(subject, message));
    }

    void failed(String subject, String message, String remedy) {
        checks.add(Check.failed(subject, message, remedy));
    }

    /** Whether the brokers answer and let this user in. */
    boolean reachesBrokers() throws InterruptedException {
        String subject = "brokers " + servers;
        String refusal = Brokers.refusal(servers);
        if (refusal != null) {
            failed(subject, refusal, "check connector.bootstrap-servers, and that the brokers run");
            return false;
        }
        if (!makesClient(subject)) {
            return false;
        }
        try {
            DescribeClusterResult cluster = admin.describeCluster(new DescribeClusterOptions().timeoutMs(TIMEOUT));
            int count = cluster.nodes().get().size();
            passed(subject,
                    "cluster " + cluster.clusterId().get() + " answers, " + count + (count == 1 ? " broker" : " brokers"));
            return true;
        } catch (ExecutionException error) {
            Exception translated = errors.translate("connecting to Kafka", error);
            failed(subject, translated.getMessage(), KafkaErrors.isFatal(error.getCause())
                    ? "check the user, the password and the certificates"
                    : "check connector.bootstrap-servers, that the brokers run, and that the addresses they advertise"
                            + " (advertised.listeners) can be reached from here");
            return false;
        }
    }

    /** Makes the client, which gets a token where one is needed. */
    private boolean makesClient(String subject) throws InterruptedException {
        String endpoint = "token endpoint " + properties.get(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL);
        try {
            admin = Admin.create(properties);
            if (errors.login().isUsed()) {
                passed(endpoint, "gives tokens");
            }
            return true;
        } catch (KafkaException error) {
            LoginFailure login = errors.login().trouble();
            if (login != null) {
                failed(endpoint, login.what(), login.remedy());
            } else {
                failed(subject, errors.translate("connecting to Kafka", error).getMessage(),
                        "look at connector.sasl, connector.tls and Kafka's own properties");
            }
            return false;
        }
    }

    /** Looks at a topic; empty when it isn't there, or when that can't be known. */
    Optional<TopicDescription> topic(String name, String use, AclOperation needed, boolean mayBeMade)
            throws InterruptedException {
        String subject = "topic " + name;
        try {
            TopicDescription topic = admin.describeTopics(List.of(name), new DescribeTopicsOptions().timeoutMs(TIMEOUT)
                    .includeAuthorizedOperations(true)).allTopicNames().get().get(name);
            allowed(subject, topic.partitions().size() + (topic.partitions().size() == 1 ? " partition" : " partitions"), use,
                    needed, topic.authorizedOperations());
            return Optional.of(topic);
        } catch (ExecutionException error) {
            if (!(error.getCause() instanceof UnknownTopicOrPartitionException)) {
                refused(subject, error, needed);
            } else if (mayBeMade && brokersMakeTopics()) {
                passed(subject, "isn't there; the brokers make topics when they are written to");
            } else {
                failed(subject, "isn't there", "create it: kafka-topics.sh --create --topic " + name);
            }
            return Optional.empty();
        }
    }

    /** Says how long records and batches may be, where a topic takes less than its sink's configuration. */
    void limit(String topic, long recordBytes, long batchBytes) throws InterruptedException {
        String subject = "max.message.bytes of topic " + topic;
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            long limit = Long
                    .parseLong(admin.describeConfigs(List.of(resource), new DescribeConfigsOptions().timeoutMs(TIMEOUT))
                            .all().get().get(resource).get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
            if (limit < Math.max(recordBytes, batchBytes)) {
                passed(subject, "is " + limit + ": events that are longer as records become dead letters" + (limit < batchBytes
                        ? ", and the sink has to find out how long batches may be, unless connector.producer-batch-size is "
                                + limit + " or less"
                        : ""));
            }
        } catch (ExecutionException error) {
            passed(subject, "isn't known (" + (error.getCause() instanceof AuthorizationException
                    ? "the operation DescribeConfigs isn't allowed"
                    : KafkaErrors.text(error.getCause())) + "): longer events become dead letters");
        }
    }

    private void allowed(String subject, String found, String use, AclOperation needed, Set<AclOperation> operations) {
        if (operations == null || operations.contains(needed)) {
            passed(subject, found + ", may be " + use);
        } else {
            failed(subject, "is there, and this user may not use it: the operation " + word(needed) + " isn't allowed",
                    "grant it: kafka-acls.sh --add --operation " + word(needed) + " --" + subject);
        }
    }

    private void refused(String subject, ExecutionException error, AclOperation needed) {
        if (error.getCause() instanceof AuthorizationException) {
            failed(subject, "isn't there, or this user may not see it",
                    "grant Describe and " + word(needed) + ": kafka-acls.sh --add --operation " + word(needed) + " --"
                            + subject);
        } else {
            failed(subject, errors.translate("looking at it", error).getMessage(), "look at the brokers' logs");
        }
    }

    private static String word(AclOperation operation) {
        return operation.name().charAt(0) + operation.name().substring(1).toLowerCase();
    }

    /** What the brokers don't tell counts as no. */
    private boolean brokersMakeTopics() throws InterruptedException {
        try {
            String broker = admin.describeCluster().nodes().get().iterator().next().idString();
            ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker);
            Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            return "true".equals(config.get("auto.create.topics.enable").value());
        } catch (ExecutionException unknown) {
            return false;
        }
    }

    /** The names of all topics that this user may see. */
    Collection<String> topics() throws InterruptedException {
        try {
            return admin.listTopics().names().get();
        } catch (ExecutionException error) {
            failed("topics", errors.translate("listing topics", error).getMessage(), "look at the brokers' logs");
            return new HashSet<>();
        }
    }

    void group(String name) throws InterruptedException {
        String subject = "group " + name;
        try {
            ConsumerGroupDescription group = admin.describeConsumerGroups(List.of(name), new DescribeConsumerGroupsOptions()
                    .timeoutMs(TIMEOUT).includeAuthorizedOperations(true)).all().get().get(name);
            int members = group.members().size();
            allowed(subject, members + (members == 1 ? " member" : " members"), "joined", AclOperation.READ,
                    group.authorizedOperations());
        } catch (ExecutionException error) {
            if (error.getCause() instanceof GroupIdNotFoundException) {
                passed(subject, "is new");
            } else {
                refused(subject, error, AclOperation.READ);
            }
        }
    }

    void transactionalId(String id) throws InterruptedException {
        String subject = "transactional-id " + id;
        try {
            admin.describeTransactions(List.of(id)).all().get();
            passed(subject, "is known");
        } catch (ExecutionException error) {
            if (error.getCause() instanceof TransactionalIdNotFoundException) {
                passed(subject, "is new");
            } else {
                refused(subject, error, AclOperation.WRITE);
            }
        }
    }

    @Override
    public void close() throws KafkaException {
        if (admin != null) {
            admin.close(java.time.Duration.ofSeconds(5));
        }
    }
}
