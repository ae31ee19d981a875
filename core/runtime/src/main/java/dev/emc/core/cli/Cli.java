package dev.emc.core.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Environment;
import dev.emc.core.config.Json;
import dev.emc.core.config.Nearest;
import dev.emc.core.config.Problem;
import dev.emc.core.config.Problem.Severity;

import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: finds the command, parses its options, prints what it came to. */
final class Cli {

    private final Descriptor descriptor;
    private final Environment environment;
    private final Console console;
    private final Launcher launcher;

    Cli(Descriptor descriptor, Environment environment, Console console, Launcher launcher) {
        this.descriptor = descriptor;
        this.environment = environment;
        this.console = console;
        this.launcher = launcher;
    }

    /** Executes the arguments and returns the exit code. */
    int execute(String... args) {
        boolean json = Arrays.asList(args).contains("--json");
        var invocation = new Invocation(descriptor, environment, console, launcher, json);
        List<String> words = Commands.words(Arrays.asList(args));
        boolean named = !words.isEmpty();
        Command command = named ? Commands.named(words) : Commands.all().get(0);
        String name = named ? String.join(" ", words) : command.name();
        Result result = command == null
                ? HelpCommand.unknown(name, invocation)
                : run(command, named, Arrays.copyOfRange(args, words.size(), args.length), invocation);
        print(name, result, json);
        return result.exitCode();
    }

    private Result run(Command command, boolean named, String[] args, Invocation invocation) {
        CommandLine parser = new CommandLine(spec(command, invocation.program()));
        try {
            ParseResult arguments = parser.parseArgs(args);
            if (arguments.hasMatchedOption("--help")) {
                return named ? HelpCommand.of(command, invocation) : HelpCommand.overview(invocation);
            }
            if (arguments.hasMatchedOption("--version")) {
                return new VersionCommand().execute(arguments, invocation);
            }
            return command.execute(arguments, invocation);
        } catch (ParameterException e) {
            return wrongUsage(e, parser.getCommandSpec(), invocation).asLog(RunCommand.asksForJsonLog(args));
        } catch (Exception | Error e) {
            String type = e.getClass().getSimpleName();
            String what = e.getMessage() == null
                    ? type
                    : e instanceof Error ? e.getMessage() + " (" + type + ")" : e.getMessage();
            return new Result(ExitCode.FAILED, "", null,
                    List.of(new Problem(Severity.ERROR, null, 0, null, command.name() + " failed: " + what, null)), null)
                    .asLog(RunCommand.asksForJsonLog(args));
        }
    }

    /** The options of a command, with those that all have. */
    static CommandSpec spec(Command command, String program) {
        CommandSpec spec = CommandSpec.create().name(program + " " + command.name());
        spec.usageMessage().description(command.summary());
        command.options(spec);
        spec.addOption(OptionSpec.builder("--json").type(boolean.class)
                .description("print one JSON object: command, ok, result, errors").build());
        spec.addOption(
                OptionSpec.builder("-h", "--help").type(boolean.class).usageHelp(true).description("print this").build());
        spec.addOption(OptionSpec.builder("-V", "--version").type(boolean.class).versionHelp(true)
                .description("print the versions").build());
        return spec;
    }

    private static Result wrongUsage(ParameterException e, CommandSpec spec, Invocation invocation) {
        String help = "\"" + spec.qualifiedName() + " --help\" lists the options";
        if (e instanceof UnmatchedArgumentException unmatched) {
            String argument = unmatched.getUnmatched().get(0);
            if (!argument.startsWith("-")) {
                if (Commands.names().contains(argument)) {
                    return Result.usage("the command \"" + argument + "\" must come first",
                            "write \"" + invocation.program() + " " + argument + " …\"");
                }
                return Result.usage("unexpected argument \"" + argument + "\"",
                        spec.findOption("--config") == null ? help : "a config file is given with --config FILE");
            }
            int equals = argument.indexOf('=');
            String option = equals < 0 ? argument : argument.substring(0, equals);
            List<String> names = spec.options().stream().flatMap(o -> Arrays.stream(o.names())).filter(n -> n.length() > 2)
                    .toList();
            String nearest = Nearest.of(option, names);
            return Result.usage("unknown option " + option, nearest == null ? help : "did you mean " + nearest + "?");
        }
        if (e instanceof MissingParameterException missing && missing.getMissing().get(0) instanceof OptionSpec option) {
            return Result.usage(option.longestName() + " needs a value",
                    "write " + option.longestName() + " " + option.paramLabel());
        }
        if (e instanceof MissingParameterException missing) {
            return Result.usage(missing.getMissing().get(0).paramLabel() + " is missing", help);
        }
        if (e instanceof OverwrittenOptionException twice && twice.getOverwritten() instanceof OptionSpec option) {
            return Result.usage(option.longestName() + " is given twice", "give it once");
        }
        if (e.getArgSpec() instanceof OptionSpec option && e.getValue() != null) {
            return Result.usage(option.longestName() + ": expected a whole number, not \"" + e.getValue() + "\"", null);
        }
        return Result.usage("these arguments make no sense together", help);
    }

    private void print(String command, Result result, boolean json) {
        if (json) {
            console.out().println(Json.text(envelope(command, result)));
            return;
        }
        if (!result.text().isEmpty()) {
            console.out().println(result.text());
        }
        result.problems().forEach(problem -> {
            if (result.log()) {
                console.logged(problem);
            } else {
                console.problem(problem);
            }
        });
        if (result.advice() != null && result.log()) {
            console.logged("INFO", result.advice());
        } else if (result.advice() != null) {
            console.err().println(result.advice());
        }
    }

    private static Object envelope(String command, Result result) {
        var errors = new ArrayList<Object>();
        for (Problem problem : result.problems()) {
            errors.add(Json.object("severity", problem.severity().name().toLowerCase(Locale.ROOT), "file",
                    problem.file(),
                    "line", problem.line() > 0 ? problem.line() : null, "key", problem.key(), "message", problem.message(),
                    "suggestion", problem.suggestion()));
        }
        return Json.object("command", command, "ok", result.exitCode() == ExitCode.OK, "result", result.data(), "errors",
                errors);
    }
}
