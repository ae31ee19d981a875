package dev.emc.file.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.emc.core.deployment.ConnectorBuildItem;

class FileProcessorTest {

    @Test
    void offersTheFileSinkAndTheFileSource() {
        List<ConnectorBuildItem> connectors = new ArrayList<>();
        new FileProcessor().connectors(connectors::add);
        assertEquals(List.of("file-sink", "file-source"), connectors.stream().map(ConnectorBuildItem::name).toList());
    }
}
