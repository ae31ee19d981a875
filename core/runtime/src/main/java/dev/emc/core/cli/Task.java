package dev.emc.core.cli;

/** What a command does inside the booted application. */
@FunctionalInterface
interface Task {

    /**
     * Does it, on the main thread.
     *
     * @return what the command comes to
     */
    Result run(Beans beans) throws Exception;

    /** Whether it takes SIGTERM and SIGINT by {@link StopSignals}; else such a signal ends the process. */
    default boolean stoppable() {
        return false;
    }
}
