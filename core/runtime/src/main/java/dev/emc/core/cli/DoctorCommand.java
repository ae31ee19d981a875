package dev.emc.core.cli;

import java.util.ArrayList;
import java.util.List;

import dev.emc.api.Check;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Json;
import dev.emc.core.config.Problem;
import dev.emc.core.config.Problem.Severity;
import dev.emc.core.config.Settings;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Looks whether everything that the worker needs is there, and changes nothing. */
final class DoctorCommand extends Command {

    DoctorCommand() {
        super("doctor", "try everything the worker needs, online; says what to do and changes nothing");
    }

    @Override
    void options(CommandSpec spec) {
        configOptions(spec);
    }

    @Override
    Result execute(ParseResult arguments, Invocation invocation) throws Exception {
        Settings settings = invocation.settings(arguments);
        if (!settings.isValid()) {
            return invocation.rejected(settings);
        }
        return invocation.inApplication(settings, beans -> {
            Settings checked = ConnectorCheck.of(beans.connector(), settings);
            return checked.isValid() ? examine(beans, checked, invocation) : invocation.rejected(checked);
        });
    }

    private static Result examine(Beans beans, Settings settings, Invocation invocation) throws InterruptedException {
        Descriptor descriptor = invocation.descriptor();
        List<Check> checks = new ArrayList<>();
        checks.add(Check.passed(settings.source() == null ? "config" : "config " + settings.source(),
                descriptor.name() + ", " + Route.text(settings, descriptor)));
        checks.addAll(new Examination(beans, descriptor).checks());
        return result(checks, settings, invocation);
    }

    private static Result result(List<Check> checks, Settings settings, Invocation invocation) {
        boolean fine = checks.stream().allMatch(Check::passed);
        int exitCode = fine ? ExitCode.OK : ExitCode.UNREACHABLE;
        Object data = Json.object("file", settings.source(), "connector", invocation.descriptor().name(), "checks",
                checks.stream().map(check -> Json.object("subject", check.subject(), "passed", check.passed(), "message",
                        check.message(), "remedy", check.remedy())).toList());
        if (!invocation.json()) {
            return new Result(exitCode, text(checks, invocation.console().symbols()), data, settings.problems(), null);
        }
        List<Problem> failures = checks.stream().filter(check -> !check.passed())
                .map(check -> new Problem(Severity.ERROR, null, 0, null, check.subject() + ": " + check.message(),
                        check.remedy()))
                .toList();
        return new Result(exitCode, "", data, settings.with(failures).problems(), null);
    }

    private static String text(List<Check> checks, boolean symbols) {
        List<String> lines = new ArrayList<>();
        for (Check check : checks) {
            String mark = check.passed() ? symbols ? "✓ " : "ok      " : symbols ? "✗ " : "FAILED  ";
            lines.add(mark + check.subject() + ": " + check.message());
            if (check.remedy() != null) {
                lines.add(symbols ? "  → " + check.remedy() : "        " + check.remedy());
            }
        }
        return String.join("\n", lines);
    }
}
