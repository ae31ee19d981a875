package dev.emc.kafka.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.emc.core.deployment.ConnectorBuildItem;

class KafkaProcessorTest {

    @Test
    void offersTheKafkaSinkAndTheKafkaSource() {
        List<ConnectorBuildItem> connectors = new ArrayList<>();
        new KafkaProcessor().connectors(connectors::add);
        assertEquals(List.of("kafka-sink", "kafka-source"), connectors.stream().map(ConnectorBuildItem::name).toList());
    }
}
