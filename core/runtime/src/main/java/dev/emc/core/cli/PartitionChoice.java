package dev.emc.core.cli;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import dev.emc.api.Position;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Which partitions a command is about: those that have all the given values, or all of them. */
final class PartitionChoice {

    private final List<String> wanted;
    private final boolean all;

    PartitionChoice(ParseResult arguments) {
        this.wanted = List.of(arguments.matchedOptionValue("--partition", new String[0]));
        this.all = arguments.hasMatchedOption("--all");
    }

    static void options(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-p", "--partition").paramLabel("KEY=VALUE").type(String[].class).arity("1")
                .description("the partition that has this value; repeatable").build());
        spec.addOption(OptionSpec.builder("--all").type(boolean.class).description("all partitions").build());
    }

    /** What is wrong with it; null when it names exactly one partition, or all. */
    Result problem(Collection<Position> positions) {
        if (all == !wanted.isEmpty()) {
            return Result.usage("say which partition with --partition KEY=VALUE, or --all",
                    "the command \"offsets show\" lists them");
        }
        if (all) {
            return null;
        }
        long matching = positions.stream().filter(this::matches).count();
        if (matching == 1) {
            return null;
        }
        String names = OffsetsCommand.sorted(positions).stream().filter(position -> matching == 0 || matches(position))
                .map(position -> OffsetsCommand.text(position.partition())).collect(Collectors.joining(", "));
        return Result.usage(matching == 0
                ? "there is no partition " + String.join(" ", wanted)
                : matching + " partitions have " + String.join(" ", wanted), "there is " + names);
    }

    boolean matches(Position position) {
        return all || wanted.stream().allMatch(pair -> {
            int equals = pair.indexOf('=');
            Object value = equals < 0 ? null : position.partition().get(pair.substring(0, equals));
            return value != null && value.toString().equals(pair.substring(equals + 1));
        });
    }
}
