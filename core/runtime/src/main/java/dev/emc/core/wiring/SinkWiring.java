package dev.emc.core.wiring;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import dev.emc.api.Sink;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.deadletters.ReplaySubscriber;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.SinkWorker;
import dev.emc.core.observe.WorkerMetrics;

/** The worker of an application that is a sink. */
@Singleton
public class SinkWiring {

    @Produces
    @Singleton
    public ConnectorWorker worker(WorkerConfig config, Sink sink, WorkerMetrics metrics, ConnectorName connector) {
        String name = WorkerFactory.name(config, connector);
        return new SinkWorker(name, sink, WorkerFactory.subscriber(config, name),
                WorkerFactory.processing(config),
                WorkerFactory.deadLetters(config, name), WorkerFactory.settings(config, connector), metrics);
    }

    @Produces
    @Singleton
    ReplayWorkers replays(WorkerConfig config, Sink sink, WorkerMetrics metrics, ConnectorName connector) {
        String name = WorkerFactory.name(config, connector);
        return (replay, selection, rate) -> new SinkWorker(name, sink, new ReplaySubscriber(replay, selection),
                WorkerFactory.processing(config), WorkerFactory.deadLetters(config, name),
                WorkerFactory.replaySettings(config, connector, rate), metrics);
    }
}
