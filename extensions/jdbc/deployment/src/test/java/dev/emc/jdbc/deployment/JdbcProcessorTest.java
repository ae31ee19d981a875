package dev.emc.jdbc.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.emc.core.deployment.ConnectorBuildItem;

class JdbcProcessorTest {

    @Test
    void offersSourceAndSink() {
        List<ConnectorBuildItem> connectors = new ArrayList<>();
        new JdbcProcessor().connectors(connectors::add);
        assertEquals(List.of("jdbc-sink", "jdbc-source"),
                connectors.stream().map(ConnectorBuildItem::name).sorted().toList());
    }
}
