package dev.emc.core.deployment;

import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;

/** What the application module decides. */
@ConfigMapping(prefix = "emc")
@ConfigRoot(phase = ConfigPhase.BUILD_TIME)
public interface ConnectorBuildConfig {

    /** The connector that this application is, for example `file-sink`. */
    Optional<String> connector();
}
