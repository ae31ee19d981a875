package dev.emc.core.cli;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;

import io.quarkus.runtime.QuarkusApplication;

import dev.emc.api.Connector;
import dev.emc.api.FatalException;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.observe.HttpServer;
import dev.emc.core.wiring.ConnectorName;
import dev.emc.core.wiring.Registries;
import dev.emc.core.wiring.ReplayWorkers;
import dev.emc.core.wiring.WorkerFactory;

/** Does the task for which Quarkus was booted. */
@Singleton
public class ConnectorApplication implements QuarkusApplication, Beans {

    private final Instance<Connector> connector;
    private final WorkerConfig config;
    private final ConnectorName connectorName;
    private final Instance<Registries> registries;
    private final Instance<ConnectorWorker> worker;
    private final Instance<ReplayWorkers> replays;
    private final Instance<HttpServer> http;

    ConnectorApplication(Instance<Connector> connector, WorkerConfig config, ConnectorName connectorName,
            Instance<Registries> registries, Instance<ConnectorWorker> worker,
            Instance<ReplayWorkers> replays, Instance<HttpServer> http) {
        this.connector = connector;
        this.config = config;
        this.connectorName = connectorName;
        this.registries = registries;
        this.worker = worker;
        this.replays = replays;
        this.http = http;
    }

    @Override
    public int run(String... args) {
        return QuarkusLauncher.perform(this);
    }

    @Override
    public Connector connector() {
        return connector.get();
    }

    @Override
    public WorkerConfig config() {
        return config;
    }

    @Override
    public String name() {
        return WorkerFactory.name(config, connectorName);
    }

    @Override
    public OffsetStore offsets() throws FatalException {
        return registries.get().offsets();
    }

    @Override
    public ConnectorWorker worker() {
        return worker.get();
    }

    @Override
    public ReplayWorkers replays() {
        return replays.get();
    }

    @Override
    public HttpServer http() {
        return http.get();
    }
}
