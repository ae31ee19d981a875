package dev.emc.core.cli;

import java.util.Collection;
import java.util.Optional;

import dev.emc.api.Position;
import dev.emc.core.engine.OffsetStore;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Forgets the positions of partitions. */
final class OffsetsResetCommand extends OffsetsCommand {

    OffsetsResetCommand() {
        super("reset", "forget the offset of a partition, or of all: it is read afresh");
    }

    @Override
    void options(CommandSpec spec) {
        super.options(spec);
        PartitionChoice.options(spec);
        forceOption(spec);
    }

    @Override
    Result execute(Subject subject, ParseResult arguments) throws Exception {
        Optional<OffsetStore.Content> content = subject.content();
        if (content.isEmpty()) {
            return subject.nothingStored();
        }
        Collection<Position> positions = content.get().positions();
        var choice = new PartitionChoice(arguments);
        Result problem = choice.problem(positions);
        if (problem != null) {
            return problem;
        }
        return new OffsetsChange(positions, positions.stream().filter(position -> !choice.matches(position)).toList())
                .apply(subject, arguments.hasMatchedOption("--force"));
    }
}
