package dev.emc.core.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Environment;

/** Executes command lines as {@code main} does, with files in a folder whose name is cut out of what is printed. */
final class CommandLineFixture {

    private final Path folder;
    final Map<String, String> variables = new HashMap<>();
    final Map<String, String> properties = new HashMap<>();
    Descriptor descriptor;
    FakeBeans beans = new FakeBeans();
    /** Null: the task is done with the {@link #beans}. */
    Launcher launcher;
    boolean terminal;
    boolean colours;
    boolean symbols;

    /** What a command line came to. */
    record Outcome(int exitCode, String out, String err) {}

    CommandLineFixture(Path folder, Descriptor descriptor) {
        this.folder = folder;
        this.descriptor = descriptor;
    }

    /** Writes a file and returns its path for {@code --config}. */
    String file(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Outcome execute(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), terminal, colours, symbols);
        int exitCode = new Cli(descriptor, new Environment(variables, properties), console,
                launcher == null ? task -> task.run(beans) : launcher).execute(args);
        return new Outcome(exitCode, text(out), text(err));
    }

    private String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).replace(folder + "/", "");
    }
}
