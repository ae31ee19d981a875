package dev.emc.core.cli;

import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Json;
import dev.emc.core.config.Settings;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Checks the settings without connecting to anything. */
final class ValidateCommand extends Command {

    ValidateCommand() {
        super("validate", "check the config file, offline: every problem at once");
    }

    @Override
    void options(CommandSpec spec) {
        configOptions(spec);
    }

    @Override
    Result execute(ParseResult arguments, Invocation invocation) {
        Settings settings = invocation.settings(arguments);
        if (!settings.isValid()) {
            return invocation.rejected(settings);
        }
        Descriptor descriptor = invocation.descriptor();
        String subject = settings.source() == null ? "the settings are" : settings.source() + " is";
        String topic = settings.value("mesh.topic", descriptor);
        String way = "topic " + (topic == null ? "?" : topic.replace(",", ", "));
        String outside = outside(settings, descriptor);
        if (outside != null) {
            way = descriptor.isSource() ? outside + " → " + way : way + " → " + outside;
        }
        return new Result(ExitCode.OK, subject + " valid: " + descriptor.name() + ", " + way,
                Json.object("file", settings.source(), "connector", descriptor.name(), "topic", topic), settings.problems(),
                null);
    }

    /** What tells the outside best: the first required key of the connector that is no secret. */
    private static String outside(Settings settings, Descriptor descriptor) {
        for (Descriptor.Key key : descriptor.keys()) {
            if (key.required() && !key.secret() && key.name().startsWith("connector.")) {
                return settings.values().get(key.name());
            }
        }
        return null;
    }
}
