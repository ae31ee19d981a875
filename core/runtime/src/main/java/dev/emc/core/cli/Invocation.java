package dev.emc.core.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.emc.core.config.ConfigCheck;
import dev.emc.core.config.ConfigFile;
import dev.emc.core.config.ConfigLocation;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Environment;
import dev.emc.core.config.Settings;

import picocli.CommandLine.ParseResult;

/**
 * What a command works with.
 *
 * @param json whether {@code --json} was given
 */
record Invocation(Descriptor descriptor, Environment environment, Console console, WorkerLauncher launcher,
        boolean json) {

    /** The name of the executable. */
    String program() {
        return "emc-" + descriptor.name();
    }

    /**
     * Loads and checks what {@code --config} and {@code --set} say. The file's name is null in the outcome when there is
     * no file.
     */
    Settings settings(ParseResult arguments) {
        return settings(arguments, List.of());
    }

    /** @param more further settings like those of {@code --set}, from options of their own */
    Settings settings(ParseResult arguments, List<String> more) {
        String given = arguments.matchedOptionValue("--config", (String) null);
        List<String> set = new ArrayList<>(List.of(arguments.matchedOptionValue("--set", new String[0])));
        set.addAll(more);
        Path path = given != null ? Path.of(given) : ConfigLocation.find(descriptor, Path.of(""), environment);
        ConfigFile file = path == null ? null : ConfigFile.read(path, environment);
        return ConfigCheck.check(descriptor, file, set, environment);
    }

    /** The outcome for settings that aren't valid. */
    Result rejected(Settings settings) {
        String advice;
        if (settings.source() == null) {
            advice = "no config file was given: use --config FILE (looked for "
                    + String.join(", ", ConfigLocation.candidates(descriptor)) + "); \"" + program()
                    + " describe --format example\" prints one to start from";
        } else if (settings.values().isEmpty()) {
            advice = "\"" + program() + " describe --format example\" prints a file to start from";
        } else {
            advice = "correct this and check with \"" + program() + " validate --config " + settings.source() + "\"; \""
                    + program() + " describe\" lists the keys";
        }
        return Result.rejected(settings.problems(), advice);
    }
}
