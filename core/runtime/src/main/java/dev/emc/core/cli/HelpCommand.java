package dev.emc.core.cli;

import java.util.List;
import java.util.stream.Collectors;

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
        spec.addPositional(PositionalParamSpec.builder().index("0..*").arity("0..*").paramLabel("COMMAND").type(String[].class)
                .description("the command").build());
    }

    @Override
    Result execute(ParseResult arguments, Invocation invocation) {
        List<String> words = List.of(arguments.matchedPositionalValue(0, new String[0]));
        if (words.isEmpty()) {
            return overview(invocation);
        }
        Command command = Commands.named(words);
        return command == null ? unknown(String.join(" ", words), invocation) : of(command, invocation);
    }

    static Result unknown(String name, Invocation invocation) {
        List<String> names = Commands.names();
        String inGroups = String.join(" or ", names.stream().filter(known -> known.endsWith(" " + name)).toList());
        String nearest = inGroups.isEmpty() ? Nearest.of(name, names) : inGroups;
        return Result.usage("there is no command \"" + name + "\"",
                nearest != null ? "did you mean " + nearest + "?" : "\"" + invocation.program() + " help\" lists them");
    }

    static Result overview(Invocation invocation) {
        var text = new StringBuilder(invocation.program()).append(": ").append(invocation.descriptor().summary())
                .append("\n\nUsage: ").append(invocation.program()).append(" [COMMAND] [OPTIONS]\n\nCommands:\n");
        text.append(listing(Commands.all()));
        text.append("\n\nMostly: ").append(invocation.program()).append(" --config ").append(invocation.descriptor().role())
                .append(".yaml\nWithout --config: the file that the variable ").append(invocation.descriptor().role())
                .append("ConnectorConf names, else the first of\n")
                .append(String.join(", ", ConfigLocation.candidates(invocation.descriptor())))
                .append(" in the working directory.\nExit codes: 0 fine, 1 failed while running, 2 wrong usage or config, 3 mesh or outside system"
                        + " not reachable");
        return Result.ok(text.toString(), Json.object("commands", Commands.names()));
    }

    private static String listing(List<Command> commands) {
        int width = commands.stream().mapToInt(command -> command.name().length()).max().orElse(0) + 2;
        return commands.stream().map(command -> "  " + command.name() + " ".repeat(width - command.name().length())
                + command.summary()).collect(Collectors.joining("\n"));
    }

    static Result of(Command command, Invocation invocation) {
        if (command instanceof CommandGroup group) {
            String program = invocation.program();
            return Result.ok(
                    program + " " + group.name() + ": " + group.summary() + "\n\nCommands:\n" + listing(group.commands())
                            + "\n\n\"" + program + " help " + group.name() + " COMMAND\" lists the options of one",
                    Json.object("command", group.name(), "commands", group.commands().stream().map(Command::name).toList()));
        }
        var spec = Cli.spec(command, invocation.program());
        String text = new CommandLine(spec).getUsageMessage(Ansi.OFF).stripTrailing();
        List<String> options = spec.options().stream().map(option -> option.longestName()).toList();
        return Result.ok(text, Json.object("command", command.name(), "options", options));
    }
}
