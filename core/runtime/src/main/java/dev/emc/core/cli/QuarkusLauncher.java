package dev.emc.core.cli;

import java.util.concurrent.atomic.AtomicInteger;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.util.ExceptionUtil;

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
                (code, failure) -> exitCode.set(failure == null ? code : tell(failure, how.console())));
        return exitCode.get();
    }

    /** Says in one sentence why Quarkus did not start; returns the exit code. */
    private static int tell(Throwable failure, Console console) {
        Throwable cause = ExceptionUtil.getRootCause(failure);
        String message = cause.getMessage();
        console.err().println("could not start: " + (message == null ? cause.getClass().getName() : message));
        return ExitCode.FAILED;
    }
}
