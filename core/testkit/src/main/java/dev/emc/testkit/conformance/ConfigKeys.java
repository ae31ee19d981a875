package dev.emc.testkit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Config files of tests. */
final class ConfigKeys {

    static final String TOPIC = "conformance";

    private ConfigKeys() {}

    /**
     * A worker with quick retries that keeps everything in one folder.
     *
     * @param place the connector's own keys, without {@code connector.}
     * @param more keys and values in turns
     */
    static Map<String, String> of(String mesh, Path work, Map<String, String> place, String... more) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("mesh.address", mesh);
        keys.put("mesh.topic", TOPIC);
        keys.put("mesh.password", "sEcReT-of-the-mesh");
        keys.put("mesh.connect-timeout", "20s");
        keys.put("retry.initial-delay", "20ms");
        keys.put("retry.max-delay", "200ms");
        keys.put("registry.path", work.resolve("registry").toString());
        keys.put("registry.interval", "50ms");
        keys.put("dead-letters.path", work.resolve("dead-letters").toString());
        place.forEach((key, value) -> keys.put("connector." + key, value));
        for (int i = 0; i < more.length; i += 2) {
            keys.put(more[i], more[i + 1]);
        }
        return keys;
    }

    /** Writes a config file. */
    static Path write(Path file, Map<String, String> keys) throws IOException {
        StringBuilder yaml = new StringBuilder();
        keys.forEach((key, value) -> yaml.append(key).append(": '").append(value.replace("'", "''")).append("'\n"));
        return Files.writeString(file, yaml);
    }
}
