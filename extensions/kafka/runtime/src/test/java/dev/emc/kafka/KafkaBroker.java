package dev.emc.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.emc.testkit.Await;
import dev.emc.testkit.CuttableProxy;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.SelfSigned;

/**
 * A real Kafka broker in a process of its own on the loopback interface. It keeps its ports and data over restarts, and ends with
 * the test's JVM. Who comes without a name, and {@link #ADMIN}, may do anything; {@link #LIMITED} only what a test allows.
 */
public final class KafkaBroker {

    public static final String ADMIN = "admin";
    public static final String LIMITED = "limited";
    public static final String PASSWORD = "sEcReT-of-kafka";

    /** The ways to the broker. */
    public enum Listener {
        DIRECT("PLAINTEXT"), PROXIED("PLAINTEXT"), TLS("SSL"), MTLS("SSL"), SASL("SASL_PLAINTEXT"), SASLTLS("SASL_SSL");

        private final String protocol;

        Listener(String protocol) {
            this.protocol = protocol;
        }
    }

    /** The system property with options for the JVM of the broker; by default those that let it start quickly. */
    public static final String JVM_OPTIONS = "emc.test.kafka.jvm";
    private static final String QUICK_START = "-Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";
    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
    private static final Duration START = Duration.ofSeconds(120);
    /** Kept, or it would forget its level. */
    private static final Logger LOG = Logger.getLogger("org.apache.kafka");
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static KafkaBroker shared;

    static {
        LOG.setLevel(Level.SEVERE); // as applications have it, and a bit less: servers go away in tests
    }

    private final Path folder;
    private final Map<Listener, Integer> ports = new LinkedHashMap<>();
    private final int controllerPort;
    private final CuttableProxy proxy;
    private final SelfSigned server;
    private final SelfSigned client;
    private final TokenEndpoint tokens;
    private Process process;
    private Producer<byte[], byte[]> producer;
    private Admin admin;

    private KafkaBroker() throws Exception {
        folder = Files.createTempDirectory("kafka");
        for (Listener listener : Listener.values()) {
            ports.put(listener, EmcProcess.freePort());
        }
        controllerPort = EmcProcess.freePort();
        proxy = CuttableProxy.to("127.0.0.1", ports.get(Listener.PROXIED));
        server = SelfSigned.create(folder, "server", "ip:127.0.0.1");
        client = SelfSigned.create(folder, "client", "dns:client");
        tokens = new TokenEndpoint(folder, server);
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
        start();
        addScramUsers();
    }

    /** The one that all tests of a JVM share. */
    public static synchronized KafkaBroker shared() throws Exception {
        if (shared == null) {
            shared = new KafkaBroker();
        }
        return shared;
    }

    /** Starts it again after {@link #kill} or {@link #stop}; returns when it answers. */
    public void start() throws Exception {
        Path file = folder.resolve("broker.properties");
        try (var out = Files.newOutputStream(file)) {
            properties().store(out, null);
        }
        Path log = folder.resolve("broker.log");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(System.getProperty(JVM_OPTIONS, QUICK_START).split(" ")));
        command.add("-D" + ALLOWED_URLS + '=' + tokens.keyUrl());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KafkaNode.class.getName(), file.toString()));
        process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            Await.until(() -> "the broker starts; it said:\n" + read(log), START,
                    () -> read(log).lines().anyMatch("started"::equals) || !process.isAlive());
        } finally {
            if (!read(log).contains("started")) {
                process.destroyForcibly();
            }
        }
        if (!process.isAlive()) {
            throw new AssertionError("the broker ended at its start:\n" + read(log));
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        List<String> listeners = new ArrayList<>(List.of("CONTROLLER://127.0.0.1:" + controllerPort));
        List<String> advertised = new ArrayList<>();
        List<String> protocols = new ArrayList<>(List.of("CONTROLLER:PLAINTEXT"));
        ports.forEach((listener, port) -> {
            listeners.add(listener + "://127.0.0.1:" + port);
            advertised.add(listener + "://" + address(listener));
            protocols.add(listener + ":" + listener.protocol);
        });
        properties.putAll(Map.of("process.roles", "broker,controller", "node.id", "1", "listeners",
                String.join(",", listeners), "advertised.listeners", String.join(",", advertised),
                "listener.security.protocol.map", String.join(",", protocols), "controller.listener.names", "CONTROLLER",
                "inter.broker.listener.name", "DIRECT", "controller.quorum.voters", "1@127.0.0.1:" + controllerPort,
                "log.dirs", folder.resolve("data").toString()));
        properties.putAll(Map.of("offsets.topic.replication.factor", "1", "offsets.topic.num.partitions", "1",
                "transaction.state.log.replication.factor", "1", "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "1", "group.initial.rebalance.delay.ms", "0",
                "group.min.session.timeout.ms", "1000", "auto.create.topics.enable", "false", "log.cleaner.enable", "false"));
        properties.putAll(Map.of("share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1", "num.network.threads", "2", "num.io.threads", "2",
                "log.retention.ms", "-1", "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users", "User:ANONYMOUS;User:" + ADMIN + ";User:CN=client"));
        secure(properties);
        return properties;
    }

    private void secure(Properties properties) {
        for (Listener listener : List.of(Listener.TLS, Listener.MTLS, Listener.SASLTLS)) {
            String prefix = "listener.name." + listener.name().toLowerCase() + ".ssl.";
            properties
                    .putAll(Map.of(prefix + "keystore.type", "PKCS12", prefix + "keystore.location", server.store().toString(),
                            prefix + "keystore.password", "changeit", prefix + "key.password", "changeit",
                            prefix + "truststore.type", "PEM", prefix + "truststore.location", client.certificate().toString(),
                            prefix + "client.auth", listener == Listener.MTLS ? "required" : "none"));
        }
        for (Listener listener : List.of(Listener.SASL, Listener.SASLTLS)) {
            String prefix = "listener.name." + listener.name().toLowerCase() + ".";
            properties.putAll(Map.of(prefix + "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512,OAUTHBEARER",
                    prefix + "plain.sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required user_"
                            + ADMIN + "=\"" + PASSWORD + "\" user_" + LIMITED + "=\"" + PASSWORD + "\";",
                    prefix + "scram-sha-512.sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                    prefix + "oauthbearer.sasl.jaas.config",
                    "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;",
                    prefix + "oauthbearer.sasl.server.callback.handler.class",
                    "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler",
                    // connections end with their tokens
                    prefix + "oauthbearer.connections.max.reauth.ms", "3600000"));
        }
        properties.putAll(Map.of("sasl.oauthbearer.jwks.endpoint.url", tokens.keyUrl(), "sasl.oauthbearer.expected.audience",
                TokenEndpoint.AUDIENCE, "sasl.oauthbearer.clock.skew.seconds", "0"));
    }

    private void addScramUsers() throws Exception {
        admin().alterUserScramCredentials(Stream.of(ADMIN, LIMITED).map(user -> new UserScramCredentialUpsertion(user,
                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                PASSWORD)).<org.apache.kafka.clients.admin.UserScramCredentialAlteration>map(alteration -> alteration).toList())
                .all().get();
    }

    /** {@code host:port} of a listener. */
    public String address(Listener listener) {
        return listener == Listener.PROXIED ? proxy.address() : "127.0.0.1:" + ports.get(listener);
    }

    /** Stands before {@link Listener#PROXIED}. */
    public CuttableProxy proxy() {
        return proxy;
    }

    /** Who the broker shows itself as. */
    public SelfSigned server() {
        return server;
    }

    /** Whom the broker lets in at {@link Listener#MTLS}. */
    public SelfSigned client() {
        return client;
    }

    /** Gives tokens for {@link Listener#SASL} and {@link Listener#SASLTLS}. */
    TokenEndpoint tokens() {
        return tokens;
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** A client that may do anything. */
    public synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(Map.of("bootstrap.servers", address(Listener.DIRECT), "metric.reporters", ""));
        }
        return admin;
    }

    /** A new name for a topic or a group. */
    public static String newName(String what) {
        return what + "-" + NAMES.incrementAndGet();
    }

    /** Makes a topic; each pair of settings is one of Kafka's for topics. */
    public String newTopic(int partitions, String... settings) throws Exception {
        return createTopic(newName("topic"), partitions, settings);
    }

    /** As {@link #newTopic}, with this name. */
    public String createTopic(String name, int partitions, String... settings) throws Exception {
        Map<String, String> config = new LinkedHashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            config.put(settings[i], settings[i + 1]);
        }
        admin().createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(config))).all().get();
        return name;
    }

    /** Makes a producer that knows no transactions unless a setting says so. */
    public KafkaProducer<byte[], byte[]> newProducer(String... settings) {
        Map<String, Object> config = new LinkedHashMap<>(
                Map.of("bootstrap.servers", address(Listener.DIRECT), "metric.reporters", "", "enable.metrics.push", "false"));
        for (int i = 0; i < settings.length; i += 2) {
            config.put(settings[i], settings[i + 1]);
        }
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Writes records and waits until the broker has them. */
    @SafeVarargs
    public final synchronized void write(ProducerRecord<byte[], byte[]>... records) throws Exception {
        write(Arrays.asList(records));
    }

    /** Writes records and waits until the broker has them. */
    public synchronized void write(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        if (producer == null) {
            producer = newProducer("max.request.size", "4194304");
        }
        var sent = records.stream().map(producer::send).toList();
        for (var each : sent) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    /** Everything that a topic holds, by partition and offset; of transactions what is committed. */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        Map<String, Object> config = Map.of("bootstrap.servers", address(Listener.DIRECT), "isolation.level", "read_committed",
                "metric.reporters", "", "enable.metrics.push", "false");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        records.sort(Comparator.comparing((ConsumerRecord<byte[], byte[]> record) -> record.partition())
                .thenComparing(ConsumerRecord::offset));
        return records;
    }

    /** How far a group has come in all partitions of a topic together; -1 for partitions without. */
    public long committed(String group, String topic) throws Exception {
        return admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(topic) && entry.getValue() != null)
                .mapToLong(entry -> entry.getValue().offset()).sum();
    }

    private void end() {
        process.destroyForcibly();
        try (Stream<Path> files = Files.walk(folder)) {
            process.waitFor(10, TimeUnit.SECONDS);
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | InterruptedException leftBehind) {
            Thread.currentThread().interrupt();
        }
    }
}
