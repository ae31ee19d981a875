package dev.emc.core.cli;

import java.util.List;

import dev.emc.core.config.ConfigLocation;
import dev.emc.core.config.Json;
import dev.emc.core.config.Nearest;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Prints the commands, or the options of one. */
final class HelpCommand extends Command {

    HelpCommand() {
        super("help", "print this, or the options of a command: help COMMAND");
    }

    @Override
    void options(CommandSpec spec) {
        spec.addPositional(PositionalParamSpec.builder().index("0").arity("0..1").paramLabel("COMMAND").type(String.class)
                .description("the command").build());
    }

    @Override
    Result execute(ParseResult arguments, Invocation invocation) {
        String name = arguments.matchedPositionalValue(0, (String) null);
        if (name == null) {
            return overview(invocation);
        }
        Command command = Commands.named(name);
        return command == null ? unknown(name, invocation) : of(command, invocation);
    }

    static Result unknown(String name, Invocation invocation) {
        String nearest = Nearest.of(name, Commands.NAMES);
        return Result.usage("there is no command \"" + name + "\"",
                nearest != null ? "did you mean " + nearest + "?" : "\"" + invocation.program() + " help\" lists them");
    }

    static Result overview(Invocation invocation) {
        var text = new StringBuilder(invocation.program()).append(": ").append(invocation.descriptor().summary())
                .append("\n\nUsage: ").append(invocation.program()).append(" [COMMAND] [OPTIONS]\n\nCommands:\n");
        for (String name : Commands.NAMES) {
            text.append(String.format("  %-10s%s%n", name, Commands.named(name).summary()));
        }
        text.append("\nMostly: ").append(invocation.program()).append(" --config ").append(invocation.descriptor().role())
                .append(".yaml\nWithout --config: the file that the variable ").append(invocation.descriptor().role())
                .append("ConnectorConf names, else the first of\n")
                .append(String.join(", ", ConfigLocation.candidates(invocation.descriptor())))
                .append(" in the working directory.\nExit codes: 0 fine, 1 failed while running, 2 wrong usage or config, 3 mesh or outside system"
                        + " not reachable");
        return Result.ok(text.toString(), Json.object("commands", Commands.NAMES));
    }

    static Result of(Command command, Invocation invocation) {
        var spec = Cli.spec(command, invocation.program());
        String text = new CommandLine(spec).getUsageMessage(Ansi.OFF).stripTrailing();
        List<String> options = spec.options().stream().map(option -> option.longestName()).toList();
        return Result.ok(text, Json.object("command", command.name(), "options", options));
    }
}
