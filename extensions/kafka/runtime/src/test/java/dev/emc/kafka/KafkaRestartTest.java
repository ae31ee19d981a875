package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.core.engine.WorkerStatus;
import dev.emc.kafka.KafkaBroker.Listener;
import dev.emc.testkit.Await;
import dev.emc.testkit.RunningWorker;

/** From one topic through a source, the mesh and a sink to another one. */
@Timeout(240)
class KafkaRestartTest {

    private static final int RECORDS = 20_000;

    @TempDir
    Path folder;
    private KafkaBroker broker;
    private Workers workers;
    private String from;
    private String to;

    @BeforeEach
    void begin() throws Exception {
        broker = KafkaBroker.shared();
        workers = new Workers(folder);
        from = broker.newTopic(4);
        to = broker.newTopic(4);
    }

    @AfterEach
    void end() throws Exception {
        workers.close();
    }

    private RunningWorker source() throws Exception {
        return workers.source(Map.of("bootstrap-servers", broker.address(Listener.DIRECT), "topics", from, "group",
                from + "-readers"));
    }

    private RunningWorker sink(String... more) throws Exception {
        Map<String, String> settings = Settings.of("bootstrap-servers", broker.address(Listener.DIRECT), "topic", to,
                "delivery-timeout", "5s", "request-timeout", "3s");
        settings.putAll(Settings.of(more));
        return workers.sink(settings);
    }

    private static Set<String> values(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> new String(record.value(), StandardCharsets.UTF_8)).collect(Collectors.toSet());
    }

    private static void awaitCount(String what, RunningWorker worker, long count) throws Exception {
        Await.until(() -> what + " " + count + "; " + worker.status(), Duration.ofSeconds(120),
                () -> worker.status().delivered() >= count);
    }

    private static void assertAllOf(Set<String> found) {
        Set<String> missing = new HashSet<>();
        IntStream.range(0, RECORDS).mapToObj(Integer::toString).filter(number -> !found.contains(number)).forEach(missing::add);
        assertEquals(Set.of(), missing, "lost");
        assertEquals(RECORDS, found.size(), "never sent");
    }

    @Test
    void aBrokerThatIsKilledUnderLoadLosesNothing() throws Exception {
        broker.write(Workers.numbers(from, 0, RECORDS));
        RunningWorker sink = sink("transactions", "true", "transactional-id", to);
        RunningWorker source = source();
        awaitCount("the sink writes", sink, RECORDS / 10);
        broker.kill();
        Thread.sleep(500);
        broker.start();
        awaitCount("the source delivers", source, RECORDS);
        awaitCount("the sink writes", sink, RECORDS);
        Await.until(() -> "the mesh is empty; " + sink.status(), Duration.ofSeconds(60), () -> sink.status().inFlight() == 0
                && sink.status().received() >= source.status().delivered());
        WorkerStatus read = source.drain();
        WorkerStatus written = sink.drain();
        assertEquals(0, read.dead() + written.dead());
        Await.until("the last transaction shows", () -> broker.read(to).size() >= RECORDS);
        assertAllOf(values(broker.read(to)));
        assertEquals(RECORDS, broker.committed(from + "-readers", from));
    }

    @Test
    void anEventThatComesBackToKafkaKeepsItsIdentity() throws Exception {
        ProducerRecord<byte[], byte[]> event = new ProducerRecord<>(from, 2, "customer-1".getBytes(StandardCharsets.UTF_8),
                "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        Map<String, String> attributes = Settings.of("ce_specversion", "1.0", "ce_id", "order-7", "ce_source", "/shop/1",
                "ce_type", "order.created", "ce_subject", "Süd", "ce_time", "2026-01-02T03:04:05.678Z", "ce_tenant", "acme",
                "content-type", "application/json");
        attributes.forEach((name, value) -> event.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        broker.write(event, new ProducerRecord<>(from, 2, "customer-2".getBytes(StandardCharsets.UTF_8), null));
        RunningWorker sink = sink();
        source();
        awaitCount("the sink writes", sink, 2);
        List<ConsumerRecord<byte[], byte[]>> found = broker.read(to);
        ConsumerRecord<byte[], byte[]> back = found.stream().filter(record -> record.value() != null).findFirst().orElseThrow();
        Map<String, String> headers = Settings.headers(back);
        headers.keySet().retainAll(attributes.keySet());
        assertEquals(attributes, headers);
        assertEquals("customer-1", new String(back.key(), StandardCharsets.UTF_8));
        assertEquals("{\"a\":1}", new String(back.value(), StandardCharsets.UTF_8));
        ConsumerRecord<byte[], byte[]> tombstone = found.stream().filter(record -> record.value() == null).findFirst()
                .orElseThrow();
        assertEquals("customer-2", new String(tombstone.key(), StandardCharsets.UTF_8));
        assertTrue(Settings.headers(tombstone).get("ce_id").startsWith(from + "-2-"),
                () -> Settings.headers(tombstone).toString());
    }
}
