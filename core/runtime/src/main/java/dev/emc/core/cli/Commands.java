package dev.emc.core.cli;

import java.util.List;

/** The commands, in the order of the help. A new one is a class and a line here. */
final class Commands {

    private Commands() {}

    /** Names of all commands; the first is what happens when none is named. */
    static final List<String> NAMES = List.of("run", "validate", "describe", "version", "help");

    /** The command of a name, or null. Only the one that is needed is made. */
    static Command named(String name) {
        return switch (name) {
            case "run" -> new RunCommand();
            case "validate" -> new ValidateCommand();
            case "describe" -> new DescribeCommand();
            case "version" -> new VersionCommand();
            case "help" -> new HelpCommand();
            default -> null;
        };
    }
}
