package dev.emc.core.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.quarkus.test.QuarkusUnitTest;

import dev.emc.core.config.Descriptor;
import dev.emc.core.config.DescriptorJson;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.SourceWorker;

/** A source, named after its connector when no name is configured, with its descriptor in the application. */
class SourceWiringTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = ConnectorApp.of("list-source");

    @Inject
    ConnectorWorker worker;

    @Test
    void theWorkerIsASourceWorkerNamedAfterTheConnector() {
        assertInstanceOf(SourceWorker.class, worker);
        assertEquals("list-source", worker.name());
    }

    @Test
    void theApplicationHasTheDescriptor() throws IOException {
        Descriptor descriptor = DescriptorJson.load(Thread.currentThread().getContextClassLoader());
        assertEquals("list-source", descriptor.name());
        assertEquals("10", descriptor.keys().stream().filter(key -> key.name().equals("connector.until")).findFirst()
                .orElseThrow().defaultValue());
    }

    @Test
    void theApplicationKnowsItsVersionAndCommit() throws IOException {
        Properties version = new Properties();
        try (InputStream in = Thread.currentThread().getContextClassLoader()
                .getResourceAsStream(Descriptor.VERSION_RESOURCE)) {
            version.load(in);
        }
        assertEquals(3, version.size(), version::toString);
    }
}
