package dev.emc.http;

import java.util.HashMap;
import java.util.Map;

import io.smallrye.config.SmallRyeConfigBuilder;

/** Configurations of tests, made the way Quarkus makes them. */
final class Configs {

    private Configs() {}

    /** @param keysAndValues keys without {@code connector.} */
    static HttpSinkConfig sink(Object... keysAndValues) {
        return of(HttpSinkConfig.class, keysAndValues);
    }

    /** @param keysAndValues keys without {@code connector.} */
    static HttpSourceConfig source(Object... keysAndValues) {
        return of(HttpSourceConfig.class, keysAndValues);
    }

    private static <T> T of(Class<T> type, Object... keysAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put("emc.connector." + keysAndValues[i], keysAndValues[i + 1].toString().replace("$", "$$"));
        }
        return new SmallRyeConfigBuilder().addDiscoveredConverters().addDefaultInterceptors().withMapping(type)
                .withDefaultValues(values).build().getConfigMapping(type);
    }
}
