package dev.emc.core.cli;

import dev.emc.api.Connector;
import dev.emc.api.FatalException;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.observe.HttpServer;
import dev.emc.core.wiring.ReplayWorkers;

/** What a {@link Task} finds in the application. Each comes into being when it is asked for first. */
interface Beans {

    /** The source or sink, not started. */
    Connector connector();

    /** The worker's configuration. */
    WorkerConfig config();

    /** The worker's name. */
    String name();

    /**
     * The registry as an operator sees it.
     *
     * @throws FatalException when this type of registry has no offsets to look at
     */
    OffsetStore offsets() throws FatalException;

    /** The worker, with its connections to mesh and registry, none of them opened. */
    ConnectorWorker worker();

    /** Makes workers that deliver dead letters. */
    ReplayWorkers replays();

    /** The server of health, metrics and status, not started. */
    HttpServer http();
}
