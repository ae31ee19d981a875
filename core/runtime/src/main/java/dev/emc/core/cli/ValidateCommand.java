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
    Result execute(ParseResult arguments, Invocation invocation) throws Exception {
        Settings settings = invocation.settings(arguments);
        if (!settings.isValid()) {
            return invocation.rejected(settings);
        }
        return invocation.inApplication(settings,
                beans -> result(ConnectorCheck.of(beans.connector(), settings), invocation));
    }

    private static Result result(Settings settings, Invocation invocation) {
        if (!settings.isValid()) {
            return invocation.rejected(settings);
        }
        Descriptor descriptor = invocation.descriptor();
        String subject = settings.source() == null ? "the settings are" : settings.source() + " is";
        return new Result(ExitCode.OK, subject + " valid: " + descriptor.name() + ", " + Route.text(settings, descriptor),
                Json.object("file", settings.source(), "connector", descriptor.name(), "topic",
                        settings.value("mesh.topic", descriptor)),
                settings.problems(),
                null);
    }
}
