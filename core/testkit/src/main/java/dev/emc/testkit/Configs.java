package dev.emc.testkit;

import java.util.HashMap;
import java.util.Map;

import io.smallrye.config.SmallRyeConfigBuilder;

/** Configurations of connectors, made the way Quarkus makes them. */
public final class Configs {

    private Configs() {}

    /**
     * A configuration.
     *
     * @param type the connector's {@code @ConfigMapping} interface
     * @param keysAndValues in turns; keys without {@code connector.}
     */
    public static <T> T of(Class<T> type, Object... keysAndValues) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
        }
        return of(type, values);
    }

    /** @param values keys without {@code connector.} */
    public static <T> T of(Class<T> type, Map<String, ?> values) {
        Map<String, String> full = new HashMap<>();
        values.forEach((key, value) -> full.put("emc.connector." + key, value.toString().replace("$", "$$")));
        return new SmallRyeConfigBuilder().addDiscoveredConverters().addDefaultInterceptors().withMapping(type)
                .withDefaultValues(full).build().getConfigMapping(type);
    }
}
