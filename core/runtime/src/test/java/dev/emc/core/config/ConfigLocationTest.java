package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLocationTest {

    private static final Environment NOTHING = new Environment(Map.of(), Map.of());

    @TempDir
    Path folder;

    @Test
    void theConnectorsOwnFileComesFirst() throws IOException {
        create("file-sink.yaml", "sink.yaml", "sink-config.yml");

        assertEquals(Path.of("file-sink.yaml"), ConfigLocation.find(Descriptors.fileSink(), folder, NOTHING));
    }

    @Test
    void thenTheRolesFile() throws IOException {
        create("source.yaml", "sink.yaml", "source-config.yml");

        assertEquals(Path.of("source.yaml"), ConfigLocation.find(Descriptors.fileSource(), folder, NOTHING));
    }

    @Test
    void thenEventMeshsOwn() throws IOException {
        create("sink-config.yml", "source-config.yml");

        assertEquals(Path.of("source-config.yml"), ConfigLocation.find(Descriptors.fileSource(), folder, NOTHING));
    }

    @Test
    void thereMayBeNone() throws IOException {
        create("other.yaml");

        assertNull(ConfigLocation.find(Descriptors.fileSink(), folder, NOTHING));
    }

    @Test
    void eventMeshsVariableWinsOverFilesThatAreThere() throws IOException {
        create("sink.yaml");

        assertEquals(Path.of("/etc/a.yml"), ConfigLocation.find(Descriptors.fileSink(), folder,
                new Environment(Map.of("sinkConnectorConf", "/etc/a.yml", "sourceConnectorConf", "/etc/b.yml"), Map.of())));
    }

    @Test
    void eventMeshsSystemPropertyWinsOverItsVariable() {
        assertEquals(Path.of("/etc/b.yml"), ConfigLocation.find(Descriptors.fileSource(), folder,
                new Environment(Map.of("sourceConnectorConf", "/etc/a.yml"), Map.of("sourceConnectorConf", "/etc/b.yml"))));
    }

    private void create(String... names) throws IOException {
        for (String name : names) {
            Files.createFile(folder.resolve(name));
        }
    }
}
