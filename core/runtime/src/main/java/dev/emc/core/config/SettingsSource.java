package dev.emc.core.config;

import java.util.Map;
import java.util.Set;

import org.eclipse.microprofile.config.spi.ConfigSource;

/** Settings as a source of the configuration system. */
final class SettingsSource implements ConfigSource {

    private final String name;
    private final int ordinal;
    private final Map<String, String> settings;

    SettingsSource(String name, int ordinal, Map<String, String> settings) {
        this.name = name;
        this.ordinal = ordinal;
        this.settings = settings;
    }

    @Override
    public Map<String, String> getProperties() {
        return settings;
    }

    @Override
    public Set<String> getPropertyNames() {
        return settings.keySet();
    }

    @Override
    public String getValue(String property) {
        return settings.get(property);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public int getOrdinal() {
        return ordinal;
    }
}
