package dev.emc.core.cli;

import java.util.concurrent.atomic.AtomicReference;

import jakarta.enterprise.inject.CreationException;

import io.quarkus.runtime.Quarkus;

/** Boots Quarkus, which makes a {@link ConnectorApplication} of its own: so the task goes there by way of this class. */
final class QuarkusLauncher implements Launcher {

    private static volatile Task task;
    private static volatile Result result;
    private static volatile Throwable failure;

    @Override
    public Result launch(Task what) throws Exception {
        task = what;
        if (!what.stoppable()) {
            StopSignals.leaveToTheSystem();
        }
        var notStarted = new AtomicReference<StartFailure>();
        Quarkus.run(ConnectorApplication.class, (code, problem) -> {
            if (problem != null) {
                notStarted.set(StartFailure.of(problem));
            }
        });
        if (notStarted.get() != null) {
            return notStarted.get().result();
        }
        if (failure instanceof CreationException) {
            return StartFailure.of(failure).result();
        }
        if (failure instanceof Exception known) {
            throw known;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return result;
    }

    /** Does the task; on the main thread of the booted application. */
    static int perform(Beans beans) {
        try {
            result = task.run(beans);
            return result.exitCode();
        } catch (Throwable e) {
            failure = e;
            return ExitCode.FAILED;
        }
    }
}
