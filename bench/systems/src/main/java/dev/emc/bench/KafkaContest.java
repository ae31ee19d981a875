package dev.emc.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import dev.emc.kafka.KafkaBroker;
import dev.emc.kafka.KafkaBroker.Listener;

/** Kafka: beside its console tools and its Connect worker with the file connectors, with the settings of its distribution. */
final class KafkaContest implements Contest {

    private static final String PACKAGE = "org.apache.kafka.";
    private static final List<String> CONNECT = List.of("key.converter=org.apache.kafka.connect.storage.StringConverter",
            "value.converter=org.apache.kafka.connect.storage.StringConverter", "offset.flush.interval.ms=10000",
            "plugin.discovery=service_load");

    private final Emc emc;
    private final KafkaBroker broker;
    private final Path tools;
    private final Payload payload;

    /** @param tools folder of the jars of Kafka's tools */
    KafkaContest(Emc emc, Path tools, int bytes) throws Exception {
        // the broker is to be the one that users have, not the one that is quickest to start
        System.setProperty(KafkaBroker.JVM_OPTIONS, "-Xmx1g");
        this.emc = emc;
        this.tools = tools;
        this.payload = Payload.line(bytes);
        this.broker = KafkaBroker.shared();
    }

    @Override
    public List<Contender> contenders() {
        return List.of(emc.sink("kafka-sink", 1, payload, events -> {
            String topic = broker.newTopic(1);
            return new Emc.Place(Map.of("bootstrap-servers", address(), "topic", topic, "format", "data"), new Topic(topic));
        }), new Contender("kafka-sink", "console producer, JVM", "acks=all; knows no position", 1, this::consoleProducer),
                new Contender("kafka-sink", "Connect's FileStreamSource, JVM", "acks=all; position each 10 s", 1,
                        this::connectSource),
                emc.source("kafka-source", 1, payload, (folder, events) -> new Emc.Origin(Map.of("bootstrap-servers", address(),
                        "topics", filled(events), "group", KafkaBroker.newName("group")), null)),
                new Contender("kafka-source", "console consumer, JVM", "commits what it has not written; no fsync", 1,
                        this::consoleConsumer),
                new Contender("kafka-source", "Connect's FileStreamSink, JVM", "commits each 10 s; no fsync", 1,
                        this::connectSink));
    }

    private Run consoleProducer(Path folder, int events) throws Exception {
        String topic = broker.newTopic(1);
        Path lines = folder.resolve("lines");
        Lines.write(lines, events, payload.make().apply(1).length);
        List<String> command = Tools.reading(lines, tool("-Xmx512M", "tools.ConsoleProducer", "--bootstrap-server", address(),
                "--topic", topic));
        return new Run(new Topic(topic), () -> new Child(command, folder, folder.resolve("log")));
    }

    private Run consoleConsumer(Path folder, int events) throws Exception {
        Path lines = folder.resolve("lines");
        List<String> command = Tools.writing(lines, tool("-Xmx512M", "tools.consumer.ConsoleConsumer", "--bootstrap-server",
                address(), "--topic", filled(events), "--from-beginning"));
        return new Run(new TextFile(lines), () -> new Child(command, folder, folder.resolve("log")));
    }

    private Run connectSource(Path folder, int events) throws Exception {
        String topic = broker.newTopic(1);
        Path lines = folder.resolve("lines");
        Lines.write(lines, events, payload.make().apply(1).length);
        return connect(folder, new Topic(topic), "FileStreamSource", "file=" + lines, "topic=" + topic);
    }

    private Run connectSink(Path folder, int events) throws Exception {
        Path lines = folder.resolve("lines");
        return connect(folder, new TextFile(lines), "FileStreamSink", "file=" + lines, "topics=" + filled(events));
    }

    private Run connect(Path folder, Target target, String connector, String... settings) throws IOException {
        int port = Ports.free();
        List<String> worker = new ArrayList<>(CONNECT);
        worker.addAll(List.of("bootstrap.servers=" + address(), "listeners=http://127.0.0.1:" + port,
                "offset.storage.file.filename=" + folder.resolve("offsets")));
        List<String> task = new ArrayList<>(
                List.of("name=bench", "connector.class=" + connector, "tasks.max=1",
                        "consumer.override.auto.offset.reset=earliest"));
        task.addAll(List.of(settings));
        List<String> command = tool("-Xms256M", "connect.cli.ConnectStandalone",
                Files.write(folder.resolve("worker.properties"), worker).toString(),
                Files.write(folder.resolve("connector.properties"), task).toString());
        return new Run(target, () -> new Child(command, folder, folder.resolve("log")))
                .readyWhen(() -> Ports.answers(port, "/connectors/bench/tasks/0/status", "RUNNING"));
    }

    /** As the scripts of the distribution start it. */
    private List<String> tool(String memory, String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Candidate.java(), memory, memory.startsWith("-Xms") ? "-Xmx2G" : memory,
                "-server", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35",
                "-XX:+ExplicitGCInvokesConcurrent", "-Djava.awt.headless=true", "-cp", tools + "/*", PACKAGE + program));
        command.addAll(List.of(arguments));
        return command;
    }

    private String filled(int events) throws Exception {
        String topic = broker.newTopic(1);
        broker.write(IntStream.rangeClosed(1, events)
                .mapToObj(number -> new ProducerRecord<byte[], byte[]>(topic, payload.make().apply(number))).toList());
        return topic;
    }

    private String address() {
        return broker.address(Listener.DIRECT);
    }

    @Override
    public void close() throws InterruptedException {
        broker.kill();
    }

    /** A topic with one partition. */
    private final class Topic implements Target {

        private final TopicPartition partition;

        Topic(String name) {
            partition = new TopicPartition(name, 0);
        }

        @Override
        public long arrived() throws Exception {
            return broker.admin().listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition).get().offset();
        }

        @Override
        public void verify(int events) {
            Tally tally = new Tally();
            broker.read(partition.topic()).forEach(record -> tally.add(payload.number(record.value())));
            Target.require(tally.distinct(), events);
        }
    }
}
