package dev.emc.http.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.emc.core.deployment.ConnectorBuildItem;

class HttpProcessorTest {

    @Test
    void offersTheHttpSinkAndTheHttpSource() {
        List<ConnectorBuildItem> connectors = new ArrayList<>();
        new HttpProcessor().connectors(connectors::add);
        assertEquals(List.of("http-sink", "http-source"), connectors.stream().map(ConnectorBuildItem::name).toList());
    }
}
