package dev.emc.core.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.Source;
import dev.emc.core.config.Json;
import dev.emc.core.config.Settings;
import dev.emc.core.engine.LeaseHeldException;
import dev.emc.core.engine.OffsetStore;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** A command that looks at or changes how far a source has come. */
abstract class OffsetsCommand extends Command {

    OffsetsCommand(String word, String summary) {
        super("offsets " + word, summary);
    }

    /** All of them. */
    static CommandGroup group() {
        return new CommandGroup("offsets", "how far a source has come: show, set, reset, export, import",
                new OffsetsShowCommand(), new OffsetsSetCommand(), new OffsetsResetCommand(), new OffsetsExportCommand(),
                new OffsetsImportCommand());
    }

    /** The store, and the worker whose offsets it is about. */
    record Subject(OffsetStore store, String worker, Invocation invocation) {

        /** Somebody is the worker now. */
        Result held(LeaseHeldException held, boolean forced) {
            return Result.unreachable(
                    forced
                            ? held.getMessage()
                            : "worker " + worker + " is running (" + held.holder() + "), and only it may change this",
                    forced ? null : "stop it, or use --force, which the registry of the type redis allows");
        }

        Optional<OffsetStore.Content> content() throws ConnectorException, InterruptedException {
            return store.read(worker);
        }

        Result nothingStored() throws ConnectorException, InterruptedException {
            List<String> others = store.workers();
            return Result.usage("nothing is stored of worker " + worker + " in " + store.place(),
                    others.isEmpty() ? "no worker has anything there" : "there is something of " + String.join(", ", others));
        }
    }

    /** Does it. */
    abstract Result execute(Subject subject, ParseResult arguments) throws Exception;

    @Override
    void options(CommandSpec spec) {
        configOptions(spec);
    }

    @Override
    final Result execute(ParseResult arguments, Invocation invocation) throws Exception {
        Settings settings = invocation.settings(arguments);
        if (!settings.isValid()) {
            return invocation.rejected(settings);
        }
        if (!invocation.descriptor().isSource()) {
            return Result.usage("a sink keeps no offsets: the mesh knows how far its group has come", null);
        }
        return invocation.inApplication(settings, beans -> execute(beans, arguments, invocation));
    }

    private Result execute(Beans beans, ParseResult arguments, Invocation invocation) throws Exception {
        if (beans.connector() instanceof Source source && source.selfCoordinated()) {
            return Result.usage("the outside system itself keeps the positions of this source, so there are no offsets here;"
                    + " look at them, and change them, with its own tools", null);
        }
        OffsetStore store;
        try {
            store = beans.offsets();
        } catch (FatalException e) {
            return Result.usage(e.getMessage(), null);
        }
        return with(new Subject(store, beans.name(), invocation), arguments);
    }

    private Result with(Subject subject, ParseResult arguments) throws Exception {
        try (OffsetStore store = subject.store) {
            return execute(subject, arguments);
        } catch (LeaseHeldException e) {
            return subject.held(e, arguments.hasMatchedOption("--force"));
        } catch (ConnectorException e) {
            return Result.unreachable(e.getMessage(), null);
        }
    }

    /** The option to change offsets that another process holds. */
    static void forceOption(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("--force").type(boolean.class)
                .description("also while a worker holds the lease, which then ends: registry redis only").build());
    }

    /** A partition or an offset, for people: {@code byte=4711 path=in.log}. */
    static String text(Map<String, Object> values) {
        return new TreeMap<>(values).entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    /** Positions in the order of their partitions. */
    static List<Position> sorted(Collection<Position> positions) {
        return positions.stream().sorted(Comparator.comparing(position -> text(position.partition()))).toList();
    }

    /** Positions for {@code --json}, and as {@code import} reads them. */
    static Map<String, Object> json(String worker, Collection<Position> positions) {
        return Json.object("worker", worker, "positions", sorted(positions).stream().map(
                position -> Json.object("partition", new TreeMap<>(position.partition()), "offset",
                        new TreeMap<>(position.offset())))
                .toList());
    }
}
