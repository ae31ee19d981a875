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
}
