package dev.emc.core.cli;

import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Settings;

/**
 * How to run.
 *
 * @param settings valid, and already accepted by {@link dev.emc.core.config.ActiveSettings}
 * @param console where the live line goes
 * @param live whether to show the live line
 * @param report takes what {@code --json} says at the end
 */
record RunOptions(Descriptor descriptor, Settings settings, Console console, boolean live, RunReport report) {

    /** Whether standard error is for machines: then nothing but log lines may be on it. */
    boolean logsJson() {
        return logsJson(settings, descriptor);
    }

    static boolean logsJson(Settings settings, Descriptor descriptor) {
        return "json".equals(settings.value("log.format", descriptor));
    }
}
