package dev.emc.core.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.emc.core.config.ConfigCheck.Argument;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Settings;
import dev.emc.core.deadletters.DeadLetterFile;
import dev.emc.core.transform.InvalidFilterException;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** A command that looks at dead letters or sends them again. */
abstract class DeadLettersCommand extends Command {

    DeadLettersCommand(String word, String summary) {
        super("dead-letters " + word, summary);
    }

    /** All of them. */
    static CommandGroup group() {
        return new CommandGroup("dead-letters", "records that could not be delivered: list, show, replay",
                new DeadLettersListCommand(), new DeadLettersShowCommand(), new DeadLettersReplayCommand());
    }

    /**
     * Whose dead letters.
     *
     * @param file need not exist
     * @param settings valid
     */
    record Subject(DeadLetterFile file, Settings settings, Invocation invocation) {}

    /** Does it. */
    abstract Result execute(Subject subject, ParseResult arguments) throws Exception;

    /** Settings from options of this command. */
    List<Argument> overrides(ParseResult arguments) {
        return List.of();
    }

    @Override
    void options(CommandSpec spec) {
        configOptions(spec);
    }

    /** The option to choose letters by their events. */
    static void filterOption(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("--filter").paramLabel("EXPRESSION").type(String.class)
                .description("only those whose event fulfils it, in CloudEvents SQL").build());
    }

    @Override
    final Result execute(ParseResult arguments, Invocation invocation) throws Exception {
        Settings settings = invocation.settings(arguments, overrides(arguments));
        if (!settings.isValid()) {
            return invocation.rejected(settings);
        }
        Descriptor descriptor = invocation.descriptor();
        String name = settings.value("name", descriptor);
        DeadLetterFile file = DeadLetterFile.of(Path.of(settings.value("dead-letters.path", descriptor)),
                name == null ? descriptor.name() : name);
        if (!"file".equals(settings.value("dead-letters.type", descriptor)) && !Files.exists(file.path())) {
            String topic = settings.value("dead-letters.topic", descriptor);
            return Result.usage("the dead letters of this worker are events on the topic " + topic + " of the mesh",
                    "run a sink with mesh.topic " + topic + " to get at them");
        }
        try {
            return execute(new Subject(file, settings, invocation), arguments);
        } catch (IOException e) {
            return Result.unreachable("the dead letters in " + file.path() + " can't be read: "
                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()), null);
        } catch (InvalidFilterException e) {
            return Result.usage("--filter: " + e.getMessage(), e.suggestion());
        }
    }

    /** Whether bytes are text that a terminal shows as it is. */
    static boolean isText(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0
                && text.chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 127);
    }
}
