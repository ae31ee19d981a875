package dev.emc.core.cli;

import java.util.ArrayList;
import java.util.List;

/** The commands, in the order of the help. A new one is a class and a line here. */
final class Commands {

    private Commands() {}

    /** All commands, with the groups; the first is what happens when none is named. */
    static List<Command> all() {
        return List.of(new RunCommand(), new ValidateCommand(), new DoctorCommand(), new DescribeCommand(),
                OffsetsCommand.group(), DeadLettersCommand.group(), new VersionCommand(), new HelpCommand());
    }

    /** The command or group of a name, or null. */
    private static Command top(String name) {
        return all().stream().filter(command -> command.name().equals(name)).findFirst().orElse(null);
    }

    /** The command that these words name, or null. */
    static Command named(List<String> words) {
        Command command = top(words.get(0));
        return words.size() == 2 && command instanceof CommandGroup group ? group.named(words.get(1)) : command;
    }

    /** The words at the beginning of a command line that name a command; empty when none is named. */
    static List<String> words(List<String> arguments) {
        if (arguments.isEmpty() || arguments.get(0).startsWith("-")) {
            return List.of();
        }
        boolean two = arguments.size() > 1 && !arguments.get(1).startsWith("-")
                && top(arguments.get(0)) instanceof CommandGroup;
        return arguments.subList(0, two ? 2 : 1);
    }

    /** The names of all commands, those in groups with the group's name before them. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Command command : all()) {
            names.add(command.name());
            if (command instanceof CommandGroup group) {
                group.commands().forEach(below -> names.add(below.name()));
            }
        }
        return names;
    }
}
