package dev.emc.core.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import dev.emc.core.config.ActiveSettings;
import dev.emc.core.config.ActiveSettings.LogLook;
import dev.emc.core.config.ConfigCheck.Argument;
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
        spec.addOption(OptionSpec.builder("--log").paramLabel("FORMAT").type(String.class)
                .description("how log lines look: human (default) or json").build());
    }

    @Override
    Result execute(ParseResult arguments, Invocation invocation) throws Exception {
        String idle = arguments.matchedOptionValue("--until-idle", (String) null);
        String log = arguments.matchedOptionValue("--log", (String) null);
        var more = new ArrayList<Argument>();
        if (idle != null) {
            more.add(new Argument("--until-idle", "until-idle", idle));
        }
        if (log != null) {
            more.add(new Argument("--log", "log.format", log));
        }
        Settings settings = invocation.settings(arguments, more);
        boolean logsJson = "json".equals(settings.value("log.format", invocation.descriptor()));
        if (!settings.isValid()) {
            return invocation.rejected(settings).asLog(logsJson);
        }
        if (invocation.json() && !invocation.descriptor().isSource()
                && Route.isStandardOutput(settings, invocation.descriptor())) {
            return Result.usage("the records and the answer of --json can't both go to standard output",
                    "leave --json out, or let the sink write to a file");
        }
        if (!invocation.json()) {
            announce(settings, invocation, logsJson ? invocation.console()::logged : invocation.console()::problem);
        }
        boolean live = invocation.console().terminal() && !invocation.json()
                && !logsJson;
        ActiveSettings.accept(settings, invocation.descriptor(),
                new LogLook(live, invocation.console().colours(), false));
        return invocation.launcher().launch(new RunTask(invocation, settings, live, logsJson)).asLog(logsJson);
    }

    /** Whether arguments that can't be read as a whole ask for log lines for machines. */
    static boolean asksForJsonLog(String... args) {
        List<String> all = Arrays.asList(args);
        int log = all.indexOf("--log");
        return all.contains("--log=json") || log >= 0 && log + 1 < all.size() && all.get(log + 1).equals("json");
    }

    /** Warnings in full; notes in one line, because they come at every start. */
    private static void announce(Settings settings, Invocation invocation, Consumer<Problem> printer) {
        List<Problem> notes = settings.problems().stream().filter(p -> p.severity() == Severity.NOTE).toList();
        settings.problems().stream().filter(p -> p.severity() == Severity.WARNING).forEach(printer);
        if (!notes.isEmpty()) {
            printer.accept(new Problem(Severity.NOTE, settings.source(), 0, null,
                    notes.size() == 1 ? "a key has no effect: " + notes.get(0).key() : notes.size() + " keys have no effect",
                    "\"" + invocation.program() + " validate\" says why"));
        }
    }
}
