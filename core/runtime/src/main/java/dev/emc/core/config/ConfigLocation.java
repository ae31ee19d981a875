package dev.emc.core.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the config file when the command line names none. */
public final class ConfigLocation {

    private ConfigLocation() {}

    /**
     * The file to use: what EventMesh's own {@code sinkConnectorConf} or {@code sourceConnectorConf} (system property or
     * environment variable) names, else the first of {@link #candidates} that is there; null when there is none.
     */
    public static Path find(Descriptor descriptor, Path folder, Environment environment) {
        String name = descriptor.role() + "ConnectorConf";
        String named = environment.property(name);
        if (named == null) {
            named = environment.variable(name);
        }
        if (named != null && !named.isBlank()) {
            return Path.of(named);
        }
        for (String candidate : candidates(descriptor)) {
            if (Files.isRegularFile(folder.resolve(candidate))) {
                return Path.of(candidate);
            }
        }
        return null;
    }

    /** The names that are looked for in the working directory, first come first served. */
    public static List<String> candidates(Descriptor descriptor) {
        return List.of(descriptor.name() + ".yaml", descriptor.role() + ".yaml", descriptor.role() + "-config.yml");
    }
}
