package dev.emc.core.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** One command of a connector's executable. {@link Commands} lists them. */
abstract class Command {

    private final String name;
    private final String summary;

    /** @param summary one line for the help, small first letter, no full stop */
    Command(String name, String summary) {
        this.name = name;
        this.summary = summary;
    }

    final String name() {
        return name;
    }

    final String summary() {
        return summary;
    }

    /** Adds the options that only this command has. */
    abstract void options(CommandSpec spec);

    /** Does it. */
    abstract Result execute(ParseResult arguments, Invocation invocation) throws Exception;

    /** The options that choose and override the config file, for commands that read it. */
    static void configOptions(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-c", "--config").paramLabel("FILE").type(String.class)
                .description("config file: YAML, JSON or properties").build());
        spec.addOption(OptionSpec.builder("-s", "--set").paramLabel("KEY=VALUE").type(String[].class).arity("1")
                .description("set a key, overriding file and environment; repeatable").build());
    }
}
