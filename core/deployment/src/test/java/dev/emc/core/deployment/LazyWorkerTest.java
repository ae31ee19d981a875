package dev.emc.core.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.Set;
import java.util.TreeSet;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.quarkus.arc.Arc;
import io.quarkus.arc.InjectableContext;
import io.quarkus.test.QuarkusUnitTest;

import dev.emc.core.cli.ConnectorApplication;
import dev.emc.core.observe.DirectHealthChecks;
import dev.emc.core.wiring.ConnectorName;

/** A command that needs no worker gets none, nor what only a worker needs. */
class LazyWorkerTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = ConnectorApp.of("list-source");

    @Inject
    ConnectorApplication application;

    @Test
    void askingForTheConnectorMakesOnlyTheConnector() {
        assertNotNull(application.connector());

        assertEquals(Set.of(ConnectorApplication.class.getName(), ConnectorName.class.getName(),
                TestConnectors.CountingSource.class.getName(), DirectHealthChecks.class.getName()), ours());
    }

    /** The beans of ours that there are. */
    private static Set<String> ours() {
        InjectableContext context = Arc.container().getActiveContext(Singleton.class);
        Set<String> names = new TreeSet<>();
        context.getState().getContextualInstances().keySet().stream().map(bean -> bean.getImplementationClass().getName())
                .filter(name -> name.startsWith("dev.emc.")).forEach(names::add);
        return names;
    }
}
