package dev.emc.core.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

import dev.emc.api.Position;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.registry.PositionJson;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Replaces all positions by those that {@link OffsetsExportCommand} has printed. */
final class OffsetsImportCommand extends OffsetsCommand {

    OffsetsImportCommand() {
        super("import", "replace all offsets by those of a file that export has printed");
    }

    @Override
    void options(CommandSpec spec) {
        super.options(spec);
        forceOption(spec);
        spec.addPositional(
                PositionalParamSpec.builder().index("0").required(true).arity("1").paramLabel("FILE").type(String.class)
                        .description("the file; - is standard input").build());
    }

    @Override
    Result execute(Subject subject, ParseResult arguments) throws Exception {
        String file = arguments.matchedPositionalValue(0, "-");
        PositionJson.Content content;
        try {
            byte[] bytes = file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
            content = PositionJson.read(bytes, 0, bytes.length);
        } catch (NoSuchFileException e) {
            return Result.usage(file + ": the file does not exist", null);
        } catch (IOException | IllegalArgumentException e) {
            return Result.usage(
                    file + " can't be read as offsets: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "give a file that \"offsets export\" has printed");
        }
        List<Position> before = subject.content().map(OffsetStore.Content::positions).map(List::copyOf).orElse(List.of());
        return new OffsetsChange(before, content.positions()).apply(subject, arguments.hasMatchedOption("--force"));
    }
}
