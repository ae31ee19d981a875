package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.ConnectorRecord;
import dev.emc.kafka.KafkaBroker.Listener;
import dev.emc.testkit.Await;
import dev.emc.testkit.RunningWorker;

/** The order that a worker keeps. */
@Timeout(120)
class KafkaOrderTest {

    @TempDir
    Path folder;

    @Test
    void aStrictWorkerKeepsTheOrderWhileItFindsOutWhatATopicTakes() throws Exception {
        KafkaBroker broker = KafkaBroker.shared();
        String topic = broker.newTopic(1, "max.message.bytes", "5000");
        List<ConnectorRecord> events = IntStream.range(0, 300)
                .mapToObj(i -> (ConnectorRecord) Workers.event(i).text(i + "x".repeat(1000)).build()).toList();
        try (Workers workers = new Workers(folder)) {
            RunningWorker sink = workers.sink(Settings.of("bootstrap-servers", broker.address(Listener.DIRECT), "topic", topic),
                    "ordering", "strict");
            workers.writer().publish(events);
            Await.until(() -> "all are written; " + sink.status(), Duration.ofSeconds(90),
                    () -> sink.status().delivered() >= 300);
        }
        assertEquals(events.stream().map(ConnectorRecord::text).toList(), broker.read(topic).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8)).toList());
    }
}
