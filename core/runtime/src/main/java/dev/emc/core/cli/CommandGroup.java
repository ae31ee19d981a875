package dev.emc.core.cli;

import java.util.List;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A command that only has commands below it, for example {@code offsets}. */
final class CommandGroup extends Command {

    private final List<Command> commands;

    /** @param commands their names begin with the name of the group and a blank */
    CommandGroup(String name, String summary, Command... commands) {
        super(name, summary);
        this.commands = List.of(commands);
    }

    List<Command> commands() {
        return commands;
    }

    /** The words that may follow the group's name. */
    private List<String> words() {
        return commands.stream().map(command -> command.name().substring(name().length() + 1)).toList();
    }

    /** The command of a word, or null. */
    Command named(String word) {
        int index = words().indexOf(word);
        return index < 0 ? null : commands.get(index);
    }

    @Override
    void options(CommandSpec spec) {
        // none of its own
    }

    @Override
    Result execute(ParseResult arguments, Invocation invocation) {
        return Result.usage("say what to do with " + name() + ": " + String.join(", ", words()),
                "\"" + invocation.program() + " help " + name() + "\" explains them");
    }
}
