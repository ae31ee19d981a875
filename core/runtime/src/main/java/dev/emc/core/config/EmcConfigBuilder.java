package dev.emc.core.config;

import io.quarkus.runtime.configuration.ConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilder;

/** Feeds the accepted settings into Quarkus' configuration. */
public final class EmcConfigBuilder implements ConfigBuilder {

    /** Above {@code application.properties}, below environment variables. */
    private static final int FILE_ORDINAL = 275;

    /** Above system properties and environment variables. */
    private static final int DECIDED_ORDINAL = 450;

    @Override
    public SmallRyeConfigBuilder configBuilder(SmallRyeConfigBuilder builder) {
        if (!ActiveSettings.defaults().isEmpty()) {
            builder.withSources(new SettingsSource("emc config file", FILE_ORDINAL, ActiveSettings.defaults()),
                    new SettingsSource("emc settings", DECIDED_ORDINAL, ActiveSettings.overriding()));
        }
        // ConfigCheck has already told of unknown keys, with a suggestion; the build's own emc.connector is none of ours
        return builder.withValidateUnknown(false);
    }
}
