package dev.emc.core.deployment;

import java.util.function.Consumer;

import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.JavaArchive;

import io.quarkus.builder.BuildChainBuilder;
import io.quarkus.builder.BuildContext;
import io.quarkus.builder.item.BuildItem;
import io.quarkus.test.QuarkusUnitTest;

/** Applications for tests of the build steps, with the connectors of {@link TestConnectors} on their class path. */
final class ConnectorApp {

    private ConnectorApp() {}

    /** @param name the value of {@code emc.connector}; null when it isn't set */
    static QuarkusUnitTest of(String name) {
        QuarkusUnitTest app = new QuarkusUnitTest()
                .setArchiveProducer(() -> ShrinkWrap.create(JavaArchive.class)
                        .addClasses(ConnectorApp.class, TestConnectors.class,
                                TestConnectors.ListSink.class, TestConnectors.ListSinkConfig.class,
                                TestConnectors.ListSinkConfig.Nested.class, TestConnectors.ListSinkConfig.Colour.class,
                                TestConnectors.CountingSource.class, TestConnectors.CountingSourceConfig.class)
                        .addAsResource(DescriptorWriter.JAVADOC).addAsResource("META-INF/emc/list-sink.yaml")
                        .addAsResource("META-INF/emc/list-source.yaml"))
                .addBuildChainCustomizer(connectors())
                .overrideRuntimeConfigKey("emc.mesh.topic", "numbers")
                .overrideRuntimeConfigKey("emc.http.port", "0");
        return name == null ? app : app.overrideConfigKey("emc.connector", name);
    }

    private static Consumer<BuildChainBuilder> connectors() {
        return builder -> builder.addBuildStep(ConnectorApp::offer).produces(ConnectorBuildItem.class).build();
    }

    private static void offer(BuildContext context) {
        // by reflection, because this class is also loaded where the application runs and build items are unknown
        context.produce(BuildItem.class.cast(TestConnectors.sink("list")));
        context.produce(BuildItem.class.cast(TestConnectors.source("list")));
    }
}
