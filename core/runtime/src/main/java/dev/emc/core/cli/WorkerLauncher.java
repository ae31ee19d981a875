package dev.emc.core.cli;

/** Runs the worker once the settings are accepted. */
@FunctionalInterface
interface WorkerLauncher {

    /**
     * Runs until the worker has stopped.
     *
     * @return the exit code, see {@link ExitCode}
     */
    int launch(RunOptions options) throws Exception;
}
