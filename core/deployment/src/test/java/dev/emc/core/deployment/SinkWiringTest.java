package dev.emc.core.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.quarkus.test.QuarkusUnitTest;

import dev.emc.api.Sink;
import dev.emc.api.Source;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.SinkWorker;

/** The picked connector is a bean with its configuration, in a worker of its role; the other one is no bean. */
class SinkWiringTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = ConnectorApp.of("list-sink")
            .overrideRuntimeConfigKey("emc.connector.list-name", "names")
            .overrideRuntimeConfigKey("emc.connector.keep-for", "250ms")
            .overrideRuntimeConfigKey("emc.connector.colours", "red,dark-blue")
            .overrideRuntimeConfigKey("emc.name", "my-list");

    @Inject
    Sink sink;

    @Inject
    Instance<Source> sources;

    @Inject
    ConnectorWorker worker;

    @Test
    void theSinkHasItsConfiguration() {
        TestConnectors.ListSinkConfig config = assertInstanceOf(TestConnectors.ListSink.class, sink).config();
        assertEquals("names", config.listName());
        assertEquals(Duration.ofMillis(250), config.keepFor());
        assertEquals(4 << 20, config.limit().asLongValue());
        assertEquals(3, config.nested().count());
        assertEquals(Optional.of(List.of(TestConnectors.ListSinkConfig.Colour.RED,
                TestConnectors.ListSinkConfig.Colour.DARK_BLUE)), config.colours());
    }

    @Test
    void theSourceOfTheSameExtensionIsNoBean() {
        assertFalse(sources.isResolvable());
    }

    @Test
    void theWorkerIsASinkWorkerOfTheConfiguredName() {
        assertInstanceOf(SinkWorker.class, worker);
        assertEquals("my-list", worker.name());
    }
}
