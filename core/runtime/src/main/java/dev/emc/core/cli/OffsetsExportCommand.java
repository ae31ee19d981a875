package dev.emc.core.cli;

import java.util.Map;
import java.util.Optional;

import dev.emc.core.config.Json;
import dev.emc.core.engine.OffsetStore;

import picocli.CommandLine.ParseResult;

/** Prints all positions so that {@link OffsetsImportCommand} reads them. */
final class OffsetsExportCommand extends OffsetsCommand {

    OffsetsExportCommand() {
        super("export", "print all offsets as JSON, for import");
    }

    @Override
    Result execute(Subject subject, ParseResult arguments) throws Exception {
        Optional<OffsetStore.Content> content = subject.content();
        if (content.isEmpty()) {
            return subject.nothingStored();
        }
        Map<String, Object> data = json(subject.worker(), content.get().positions());
        return Result.ok(Json.text(data), data);
    }
}
