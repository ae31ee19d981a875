package dev.emc.core.wiring;

import java.util.Optional;
import java.util.function.Predicate;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import dev.emc.api.FatalException;
import dev.emc.api.Source;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.deadletters.DeadLetterEntry;
import dev.emc.core.deadletters.Replay;
import dev.emc.core.deadletters.ReplaySource;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.Registry;
import dev.emc.core.engine.SourceWorker;
import dev.emc.core.mesh.TcpMeshPublisher;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.registry.MemoryRegistry;

/** The worker of an application that is a source. */
@Singleton
public class SourceWiring implements ReplayWorker.Factory {

    private final WorkerConfig config;
    private final WorkerMetrics metrics;
    private final ConnectorName connector;
    private final String name;

    SourceWiring(WorkerConfig config, WorkerMetrics metrics, ConnectorName connector) {
        this.config = config;
        this.metrics = metrics;
        this.connector = connector;
        this.name = WorkerFactory.name(config, connector);
    }

    @Produces
    @Singleton
    ConnectorWorker worker(Source source, Registries registries) throws FatalException {
        return worker(source, registries.registry());
    }

    /** Its positions are those at which the records stood, which must not become the worker's own. */
    @Override
    public ReplayWorker replay(Replay replay, Predicate<DeadLetterEntry> selection) {
        var source = new ReplaySource(replay, selection);
        return new ReplayWorker(worker(source, new MemoryRegistry()), source::skipped, Optional::empty);
    }

    private ConnectorWorker worker(Source source, Registry registry) {
        return new SourceWorker(name, source, new TcpMeshPublisher(WorkerFactory.mesh(config, name)), registry,
                WorkerFactory.processing(config), WorkerFactory.deadLetters(config, name),
                WorkerFactory.settings(config, connector), metrics);
    }
}
