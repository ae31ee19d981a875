package dev.emc.core.wiring;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.quarkus.runtime.configuration.ConfigurationException;

import dev.emc.api.FatalException;
import dev.emc.api.Source;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.deadletters.ReplaySource;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.Registry;
import dev.emc.core.engine.SelfCoordination;
import dev.emc.core.engine.SourceWorker;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.registry.MemoryRegistry;

/** The worker of an application that is a source. */
@Singleton
public class SourceWiring {

    @Produces
    @Singleton
    public ConnectorWorker worker(WorkerConfig config, Source source, Registries registries, WorkerMetrics metrics,
            ConnectorName connector) {
        String name = WorkerFactory.name(config, connector);
        Registry registry = SelfCoordination.orElse(source, () -> registry(registries));
        return new SourceWorker(name, source, WorkerFactory.publisher(config, name), registry,
                WorkerFactory.processing(config), WorkerFactory.deadLetters(config, name, registry::held),
                WorkerFactory.settings(config, connector), metrics);
    }

    private static Registry registry(Registries registries) {
        try {
            return registries.registry();
        } catch (FatalException e) {
            throw new ConfigurationException(e.getMessage());
        }
    }

    @Produces
    @Singleton
    ReplayWorkers replays(WorkerConfig config, WorkerMetrics metrics, ConnectorName connector) {
        String name = WorkerFactory.name(config, connector);
        return (replay, selection, rate) -> new SourceWorker(name, new ReplaySource(replay, selection),
                WorkerFactory.publisher(config, name), new MemoryRegistry(),
                WorkerFactory.processing(config), WorkerFactory.deadLetters(config, name),
                WorkerFactory.replaySettings(config, connector, rate), metrics);
    }
}
