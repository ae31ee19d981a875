package dev.emc.core.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.emc.core.config.ActiveSettings;
import dev.emc.core.config.ActiveSettings.LogLook;
import dev.emc.core.config.ConfigCheck;
import dev.emc.core.config.ConfigCheck.Argument;
import dev.emc.core.config.ConfigFile;
import dev.emc.core.config.ConfigLocation;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Environment;
import dev.emc.core.config.Problem;
import dev.emc.core.config.Problem.Severity;
import dev.emc.core.config.Settings;

import picocli.CommandLine.ParseResult;

/**
 * What a command works with.
 *
 * @param json whether {@code --json} was given
 */
record Invocation(Descriptor descriptor, Environment environment, Console console, Launcher launcher,
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

    /** @param more further settings, from options of their own */
    Settings settings(ParseResult arguments, List<Argument> more) {
        String given = arguments.matchedOptionValue("--config", (String) null);
        var overrides = new ArrayList<Argument>();
        for (String argument : arguments.matchedOptionValue("--set", new String[0])) {
            overrides.add(Argument.set(argument));
        }
        overrides.addAll(more);
        Path path = given != null ? Path.of(given) : ConfigLocation.find(descriptor, Path.of(""), environment);
        ConfigFile file = path == null ? null : ConfigFile.read(path, environment);
        return ConfigCheck.check(descriptor, file, overrides, environment);
    }

    /** Does something in the application, whose log then only has what is wrong. */
    Result inApplication(Settings settings, Task task) throws Exception {
        ActiveSettings.accept(settings, descriptor, new LogLook(false, console.colours(), true));
        return launcher.launch(task);
    }

    /** The outcome for settings that aren't valid. */
    Result rejected(Settings settings) {
        String example = "\"" + program() + " describe --format sample\" prints one to start from";
        if (settings.source() == null && settings.values().isEmpty()
                && settings.problems().stream().allMatch(problem -> problem.file() == null)) {
            return Result.rejected(List.of(new Problem(Severity.ERROR, null, 0, null, "no config file was given and none of "
                    + String.join(", ", ConfigLocation.candidates(descriptor)) + " is here", "use --config FILE")), example);
        }
        if (settings.source() == null) {
            return Result.rejected(settings.problems(),
                    "correct this, or put the keys into a file and use --config FILE; " + example);
        }
        if (settings.problems().stream().filter(Problem::isError)
                .allMatch(problem -> problem.line() == 0 && problem.key() == null
                        && settings.source().equals(problem.file()))) {
            return Result.rejected(settings.problems(), example);
        }
        return Result.rejected(settings.problems(), "correct this and check with \"" + program() + " validate --config "
                + settings.source() + "\"; \"" + program() + " describe\" lists the keys");
    }
}
