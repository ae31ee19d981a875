package dev.emc.core.config;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks files that tests write. */
final class Checks {

    private Checks() {}

    static Settings check(Descriptor descriptor, String name, String content, Map<String, String> variables, String... set) {
        var environment = new Environment(variables, Map.of());
        return ConfigCheck.check(descriptor, ConfigFile.parse(name, content, environment),
                Stream.of(set).map(ConfigCheck.Argument::set).toList(),
                environment);
    }

    static Settings check(Descriptor descriptor, String name, String content) {
        return check(descriptor, name, content, Map.of());
    }

    static String problems(Settings settings) {
        return settings.problems().stream().map(Problem::text).collect(Collectors.joining("\n"));
    }
}
