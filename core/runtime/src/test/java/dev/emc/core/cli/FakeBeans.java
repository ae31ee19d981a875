package dev.emc.core.cli;

import java.util.List;

import io.smallrye.config.SmallRyeConfigBuilder;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.Connector;
import dev.emc.core.config.EmcConfigBuilder;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.observe.HttpServer;
import dev.emc.core.registry.FileOffsets;
import dev.emc.core.wiring.ReplayWorkers;

/** An application whose connector finds what a test wants; without a worker. */
final class FakeBeans implements Beans, Connector {

    List<ConfigProblem> problems = List.of();
    List<Check> checks = List.of();
    /** What looking fails with; null: it doesn't. */
    RuntimeException failure;

    @Override
    public List<ConfigProblem> validate() {
        return problems;
    }

    @Override
    public List<Check> check() {
        if (failure != null) {
            throw failure;
        }
        return checks;
    }

    @Override
    public void close() {}

    @Override
    public Connector connector() {
        return this;
    }

    /** Of the settings that were accepted. */
    @Override
    public WorkerConfig config() {
        try {
            return new EmcConfigBuilder().configBuilder(new SmallRyeConfigBuilder().addDiscoveredConverters())
                    .withMapping(WorkerConfig.class).build().getConfigMapping(WorkerConfig.class);
        } catch (RuntimeException e) {
            e.printStackTrace();
            throw e;
        }
    }

    @Override
    public String name() {
        return config().name().orElse("test");
    }

    @Override
    public OffsetStore offsets() {
        return new FileOffsets(config().registry().path());
    }

    @Override
    public ConnectorWorker worker() {
        throw new AssertionError("the worker is not to be made");
    }

    @Override
    public ReplayWorkers replays() {
        throw new AssertionError("no worker is to be made");
    }

    @Override
    public HttpServer http() {
        throw new AssertionError("the HTTP server is not to be made");
    }
}
