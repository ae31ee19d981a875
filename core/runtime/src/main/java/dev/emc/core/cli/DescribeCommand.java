package dev.emc.core.cli;

import java.util.List;

import dev.emc.core.config.Description;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.DescriptorJson;
import dev.emc.core.config.Json;
import dev.emc.core.config.Nearest;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Prints what is known of the connector's keys. */
final class DescribeCommand extends Command {

    private static final List<String> FORMATS = List.of("text", "sample", "example", "json-schema", "markdown", "json");

    private static final String EXPECTED = String.join(", ", FORMATS.subList(0, FORMATS.size() - 1)) + " or "
            + FORMATS.get(FORMATS.size() - 1);

    DescribeCommand() {
        super("describe", "print the connector's keys, or an example file");
    }

    @Override
    void options(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-f", "--format").paramLabel("FORMAT").type(String.class)
                .description("text (default), sample (a short config file),"
                        + " example (one with every key), json-schema, markdown or json")
                .build());
    }

    @Override
    Result execute(ParseResult arguments, Invocation invocation) {
        Descriptor descriptor = invocation.descriptor();
        String format = arguments.matchedOptionValue("--format", "text");
        return switch (format) {
            case "text" -> Result.ok(Description.text(descriptor), DescriptorJson.tree(descriptor));
            case "json" -> structured(DescriptorJson.tree(descriptor));
            case "json-schema" -> structured(Description.jsonSchema(descriptor));
            case "sample" -> document(format, descriptor.sample().stripTrailing());
            case "example" -> document(format, Description.example(descriptor));
            case "markdown" -> document(format, Description.markdown(descriptor));
            default -> {
                String nearest = Nearest.of(format, FORMATS);
                yield Result.usage("--format: expected " + EXPECTED + ", not \"" + format + "\"",
                        nearest == null ? null : "did you mean " + nearest + "?");
            }
        };
    }

    private static Result structured(Object tree) {
        return Result.ok(Json.text(tree), tree);
    }

    private static Result document(String format, String text) {
        return Result.ok(text, Json.object("format", format, "text", text));
    }
}
