package dev.emc.core.cli;

import java.util.List;

import dev.emc.core.config.ActiveSettings;
import dev.emc.core.config.Json;
import dev.emc.core.config.Problem;
import dev.emc.core.config.Problem.Severity;
import dev.emc.core.config.Settings;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Runs the connector. */
final class RunCommand extends Command {

    RunCommand() {
        super("run", "run the connector; what happens when no command is named");
    }

    @Override
    void options(CommandSpec spec) {
        configOptions(spec);
        spec.addOption(OptionSpec.builder("--until-idle").paramLabel("DURATION").type(String.class)
                .description("end with exit code 0 once no record came for so long, such as 30s").build());
    }

    @Override
    Result execute(ParseResult arguments, Invocation invocation) throws Exception {
        String idle = arguments.matchedOptionValue("--until-idle", (String) null);
        Settings settings = invocation.settings(arguments, idle == null ? List.of() : List.of("until-idle=" + idle));
        if (!settings.isValid()) {
            return invocation.rejected(settings);
        }
        if (!invocation.json()) {
            announce(settings, invocation);
        }
        boolean live = invocation.console().terminal() && !invocation.json();
        ActiveSettings.accept(settings, invocation.descriptor(), live);
        var options = new RunOptions(invocation.descriptor(), settings, invocation.console(), live);
        int exitCode = invocation.launcher().launch(options);
        return new Result(exitCode, "", Json.object("exitCode", exitCode), settings.problems(), null);
    }

    /** Warnings in full; notes in one line, because they come at every start. */
    private static void announce(Settings settings, Invocation invocation) {
        List<Problem> notes = settings.problems().stream().filter(p -> p.severity() == Severity.NOTE).toList();
        settings.problems().stream().filter(p -> p.severity() == Severity.WARNING).forEach(invocation.console()::problem);
        if (!notes.isEmpty()) {
            invocation.console().problem(new Problem(Severity.NOTE, settings.source(), 0, null,
                    notes.size() == 1 ? "a key has no effect: " + notes.get(0).key() : notes.size() + " keys have no effect",
                    "\"" + invocation.program() + " validate\" says why"));
        }
    }
}
