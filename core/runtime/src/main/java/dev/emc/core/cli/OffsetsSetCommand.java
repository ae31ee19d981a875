package dev.emc.core.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import dev.emc.api.Position;
import dev.emc.core.engine.OffsetStore;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Changes values of the offsets of partitions. */
final class OffsetsSetCommand extends OffsetsCommand {

    OffsetsSetCommand() {
        super("set", "change the offset of a partition, or of all");
    }

    @Override
    void options(CommandSpec spec) {
        super.options(spec);
        PartitionChoice.options(spec);
        spec.addOption(OptionSpec.builder("-o", "--offset").paramLabel("KEY=VALUE").type(String[].class).arity("1")
                .description("the value to set; without VALUE it is removed; repeatable").build());
        forceOption(spec);
    }

    /** What is wrong with an argument, for the user. */
    private static final class BadValue extends Exception {

        private static final long serialVersionUID = 1;

        BadValue(String message) {
            super(message, null, false, false);
        }
    }

    @Override
    Result execute(Subject subject, ParseResult arguments) throws Exception {
        String[] values = arguments.matchedOptionValue("--offset", new String[0]);
        if (values.length == 0) {
            return Result.usage("say what to set with --offset KEY=VALUE",
                    "the command \"offsets show\" lists the offsets that there are");
        }
        Optional<OffsetStore.Content> content = subject.content();
        if (content.isEmpty()) {
            return subject.nothingStored();
        }
        var choice = new PartitionChoice(arguments);
        Result problem = choice.problem(content.get().positions());
        if (problem != null) {
            return problem;
        }
        List<Position> changed = new ArrayList<>();
        try {
            for (Position position : content.get().positions()) {
                changed.add(choice.matches(position) ? set(position, values) : position);
            }
        } catch (BadValue e) {
            return Result.usage(e.getMessage(), null);
        }
        return new OffsetsChange(content.get().positions(), changed).apply(subject, arguments.hasMatchedOption("--force"));
    }

    private static Position set(Position position, String[] values) throws BadValue {
        Map<String, Object> offset = new HashMap<>(position.offset());
        for (String pair : values) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            Object old = position.offset().get(key);
            if (equals < 0 || old == null) {
                throw new BadValue(equals < 0
                        ? "--offset: expected KEY=VALUE, not \"" + pair + "\""
                        : "the offset of " + text(position.partition()) + " has no \"" + key + "\", but "
                                + String.join(", ", new TreeSet<>(position.offset().keySet())));
            }
            String value = pair.substring(equals + 1);
            if (value.isEmpty()) {
                offset.remove(key);
            } else {
                offset.put(key, typed(key, value, old));
            }
        }
        return new Position(position.partition(), offset);
    }

    /** The value in the type that the key has had. */
    private static Object typed(String key, String value, Object old) throws BadValue {
        if (old instanceof Long) {
            try {
                return Long.valueOf(value);
            } catch (NumberFormatException e) {
                throw new BadValue("--offset " + key + ": expected a whole number, not \"" + value + "\"");
            }
        }
        if (old instanceof Boolean) {
            if (!value.equals("true") && !value.equals("false")) {
                throw new BadValue("--offset " + key + ": expected true or false, not \"" + value + "\"");
            }
            return Boolean.valueOf(value);
        }
        return value;
    }
}
