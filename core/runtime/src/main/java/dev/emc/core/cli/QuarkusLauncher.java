package dev.emc.core.cli;

import java.util.concurrent.atomic.AtomicInteger;

import io.quarkus.runtime.Quarkus;

/** Boots Quarkus with the accepted settings and runs the worker in it. */
final class QuarkusLauncher implements WorkerLauncher {

    private static volatile RunOptions options;

    /** How this process runs; null when it wasn't started by {@code run}. */
    static RunOptions options() {
        return options;
    }

    @Override
    public int launch(RunOptions how) {
        options = how;
        var exitCode = new AtomicInteger(ExitCode.FAILED);
        Quarkus.run(ConnectorApplication.class,
                (code, failure) -> exitCode.set(failure == null ? code : tell(failure, how)));
        return exitCode.get();
    }

    private static int tell(Throwable failure, RunOptions how) {
        StartFailure why = StartFailure.of(failure);
        how.report().failure(why.sentence());
        how.console().err().println(why.sentence());
        return why.exitCode();
    }
}
