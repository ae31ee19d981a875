package dev.emc.core.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks files that tests write. */
final class Checks {

    private Checks() {}

    static Settings check(Descriptor descriptor, String name, String content, Map<String, String> variables, String... set) {
        var environment = new Environment(variables, Map.of());
        return ConfigCheck.check(descriptor, file(name, content, environment),
                Stream.of(set).map(ConfigCheck.Argument::set).toList(),
                environment);
    }

    static Settings check(Descriptor descriptor, String name, String content) {
        return check(descriptor, name, content, Map.of());
    }

    static String problems(Settings settings) {
        return settings.problems().stream().map(Problem::text).collect(Collectors.joining("\n"));
    }

    private static ConfigFile file(String name, String content, Environment environment) {
        try {
            Path folder = Files.createTempDirectory("emc-check");
            try {
                Path path = Files.writeString(folder.resolve(name), content);
                ConfigFile file = ConfigFile.read(path, environment);
                return new ConfigFile(name, file.entries(), file.problems().stream().map(p -> new Problem(p.severity(),
                        p.file().replace(folder + "/", ""), p.line(), p.key(), p.message(), p.suggestion())).toList());
            } finally {
                Files.deleteIfExists(folder.resolve(name));
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
