package dev.emc.testkit;

import java.time.Duration;
import java.util.List;

import dev.emc.core.mesh.MeshSettings;

/** Settings of tests' own clients of a mesh. */
public final class MeshClients {

    private MeshClients() {}

    /** One connection with the defaults of a worker. */
    public static MeshSettings settings(String address, String topic, String group) {
        int colon = address.lastIndexOf(':');
        return new MeshSettings(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)), group,
                List.of(topic), false, 1, 256, Duration.ofSeconds(5), 4 << 20, "PRD", "DEFAULT", "emc", null, null, 1024,
                Duration.ofSeconds(20));
    }
}
