package dev.emc.core.cli;

import java.time.Duration;

import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Settings;

/**
 * How to run.
 *
 * @param settings valid, and already accepted by {@link dev.emc.core.config.ActiveSettings}
 * @param untilIdle end with exit code 0 once no record came for so long; null to run until stopped
 * @param live whether to show the live line
 * @param report takes what is to be said at the end
 */
public record RunOptions(Descriptor descriptor, Settings settings, Duration untilIdle, boolean live,
        RunReport report) {}
