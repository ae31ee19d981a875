package dev.emc.core.cli;

import java.io.IOException;
import java.util.List;

import org.jboss.logging.Logger;

import dev.emc.core.config.Json;
import dev.emc.core.config.Settings;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.Outcome;
import dev.emc.core.engine.WorkerStatus;
import dev.emc.core.observe.HttpServer;

/**
 * Runs the worker.
 *
 * @param settings valid and accepted
 * @param live whether to show the live line
 * @param logsJson whether standard error is for machines: then nothing but log lines may be on it
 */
record RunTask(Invocation invocation, Settings settings, boolean live, boolean logsJson) implements Task {

    private static final Logger LOG = Logger.getLogger("dev.emc");

    @Override
    public boolean stoppable() {
        return true;
    }

    @Override
    public Result run(Beans beans) {
        Settings checked = ConnectorCheck.of(beans.connector(), settings);
        if (!checked.isValid()) {
            return invocation.rejected(checked);
        }
        ConnectorWorker worker = beans.worker();
        StopSignals.handle(worker);
        HttpServer http = beans.http();
        LiveLine liveLine = new LiveLine(invocation.console().err(), () -> counts(worker.status()), live,
                logsJson ? LOG::info : invocation.console().err()::println);
        worker.onRunning(() -> {
            LOG.info(StartLine.text(settings, invocation.descriptor(), http.port()));
            liveLine.start();
        });
        try {
            http.start();
        } catch (IOException e) {
            LOG.error(e.getMessage());
            return result(ExitCode.USAGE, e.getMessage(), null);
        }
        Outcome outcome = worker.run();
        http.close();
        if (liveLine.started()) {
            liveLine.close();
        }
        LOG.log(outcome.exitCode() == Outcome.OK ? Logger.Level.INFO : Logger.Level.ERROR, outcome.message());
        WorkerStatus status = worker.status();
        return result(outcome.exitCode(), outcome.message(), Json.object("received", status.received(), "delivered",
                status.delivered(), "dead", status.dead(), "dropped", status.dropped(), "released", status.released(),
                "retries", status.retries()));
    }

    /** What the log has said already is only there for {@code --json}. */
    private Result result(int exitCode, String message, Object counts) {
        if (!invocation.json()) {
            return new Result(exitCode, "", null, List.of(), null);
        }
        return new Result(exitCode, "", counts,
                exitCode == ExitCode.OK ? settings.problems() : settings.withError(message).problems(), null);
    }

    private static LiveLine.Counts counts(WorkerStatus status) {
        return new LiveLine.Counts(status.deliveredPerSecond(), status.delivered(), status.inFlight(), status.lag(),
                status.retries(), status.dead());
    }
}
