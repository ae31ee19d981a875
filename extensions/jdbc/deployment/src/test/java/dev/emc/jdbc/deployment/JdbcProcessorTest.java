package dev.emc.jdbc.deployment;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.emc.core.deployment.ConnectorBuildItem;

class JdbcProcessorTest {

    @Test
    void offersTheSink() {
        List<ConnectorBuildItem> connectors = new ArrayList<>();
        new JdbcProcessor().connectors(connectors::add);
        assertTrue(connectors.stream().anyMatch(connector -> connector.name().equals("jdbc-sink")), connectors::toString);
    }
}
