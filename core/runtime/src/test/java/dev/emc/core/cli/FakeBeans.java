package dev.emc.core.cli;

import java.time.Duration;
import java.util.List;

import io.smallrye.config.SmallRyeConfigBuilder;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.Connector;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;
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
    /** The worker's name, unless the settings have one. */
    String name = "test";
    private Connector connector = this;

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

    /** The connector is a source whose outside system keeps the positions. */
    FakeBeans selfCoordinated() {
        connector = new Source() {
            @Override
            public void start(SourceContext context) {
                throw new AssertionError("not to be started");
            }

            @Override
            public List<SourceRecord> poll(int max, Duration wait) {
                throw new AssertionError("not to be polled");
            }

            @Override
            public boolean selfCoordinated() {
                return true;
            }

            @Override
            public void close() {}
        };
        return this;
    }

    @Override
    public Connector connector() {
        return connector;
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
        return config().name().orElse(name);
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
