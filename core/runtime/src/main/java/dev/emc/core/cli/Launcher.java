package dev.emc.core.cli;

/** Boots the application with the settings that are accepted. */
@FunctionalInterface
interface Launcher {

    /**
     * Does the task in the booted application and ends that again.
     *
     * @return what the task came to, or why the application did not boot
     */
    Result launch(Task task) throws Exception;
}
