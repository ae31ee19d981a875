package dev.emc.core.wiring;

import java.util.function.Predicate;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import dev.emc.api.Sink;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.deadletters.DeadLetterEntry;
import dev.emc.core.deadletters.Replay;
import dev.emc.core.deadletters.ReplaySubscriber;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.MeshSubscriber;
import dev.emc.core.engine.SinkWorker;
import dev.emc.core.mesh.TcpMeshSubscriber;
import dev.emc.core.observe.WorkerMetrics;

/** The worker of an application that is a sink. */
@Singleton
public class SinkWiring implements ReplayWorker.Factory {

    private final WorkerConfig config;
    private final Sink sink;
    private final WorkerMetrics metrics;
    private final ConnectorName connector;
    private final String name;

    SinkWiring(WorkerConfig config, Sink sink, WorkerMetrics metrics, ConnectorName connector) {
        this.config = config;
        this.sink = sink;
        this.metrics = metrics;
        this.connector = connector;
        this.name = WorkerFactory.name(config, connector);
    }

    @Produces
    @Singleton
    ConnectorWorker worker() {
        return worker(new TcpMeshSubscriber(WorkerFactory.mesh(config, name)));
    }

    @Override
    public ReplayWorker replay(Replay replay, Predicate<DeadLetterEntry> selection) {
        var subscriber = new ReplaySubscriber(replay, selection);
        return new ReplayWorker(worker(subscriber), subscriber::skipped, subscriber::failure);
    }

    private ConnectorWorker worker(MeshSubscriber subscriber) {
        return new SinkWorker(name, sink, subscriber, WorkerFactory.processing(config),
                WorkerFactory.deadLetters(config, name), WorkerFactory.settings(config, connector), metrics);
    }
}
