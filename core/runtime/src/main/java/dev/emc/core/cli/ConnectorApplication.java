package dev.emc.core.cli;

import java.io.IOException;

import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import io.quarkus.runtime.QuarkusApplication;

import dev.emc.core.config.Json;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.Outcome;
import dev.emc.core.engine.WorkerStatus;
import dev.emc.core.observe.HttpServer;

import sun.misc.Signal;

/** Runs the worker once Quarkus is up. The first SIGTERM or SIGINT drains it, the second one stops it at once. */
@Singleton
public class ConnectorApplication implements QuarkusApplication {

    private static final Logger LOG = Logger.getLogger("dev.emc");

    private final ConnectorWorker worker;
    private final HttpServer http;
    private boolean stopping;

    ConnectorApplication(ConnectorWorker worker, HttpServer http) {
        this.worker = worker;
        this.http = http;
    }

    @Override
    public int run(String... args) {
        Signal.handle(new Signal("TERM"), this::stop);
        Signal.handle(new Signal("INT"), this::stop);
        drainWhenAlreadyAskedTo();
        RunOptions options = QuarkusLauncher.options();
        Console console = options.console();
        LiveLine liveLine = new LiveLine(console.err(), this::counts, options.live(),
                options.logsJson() ? LOG::info : console.err()::println);
        worker.onRunning(() -> {
            LOG.info(StartLine.text(options, http.port()));
            liveLine.start();
        });
        try {
            http.start();
        } catch (IOException e) {
            LOG.error(e.getMessage());
            options.report().failure(e.getMessage());
            return ExitCode.USAGE;
        }
        Outcome outcome = worker.run();
        http.close();
        if (liveLine.started()) {
            liveLine.close();
        }
        report(outcome, options.report());
        LOG.log(outcome.exitCode() == Outcome.OK ? Logger.Level.INFO : Logger.Level.ERROR, outcome.message());
        return outcome.exitCode();
    }

    private void report(Outcome outcome, RunReport report) {
        WorkerStatus status = worker.status();
        report.result(Json.object("received", status.received(), "delivered", status.delivered(), "dead", status.dead(),
                "dropped", status.dropped(), "retries", status.retries()));
        if (outcome.exitCode() != Outcome.OK) {
            report.failure(outcome.message());
        }
    }

    /** A signal that came while Quarkus booted was taken by Quarkus, which ends the process once this worker has ended. */
    private void drainWhenAlreadyAskedTo() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(worker::drain, "emc-stop"));
        } catch (IllegalStateException endingAlready) {
            worker.drain();
        }
    }

    private synchronized void stop(Signal signal) {
        if (stopping) {
            worker.abort();
        } else {
            stopping = true;
            worker.drain();
        }
    }

    private LiveLine.Counts counts() {
        WorkerStatus status = worker.status();
        return new LiveLine.Counts(status.deliveredPerSecond(), status.delivered(), status.inFlight(), status.lag(),
                status.retries(), status.dead());
    }
}
