package dev.emc.redis;

import java.util.HashMap;
import java.util.Map;

import io.smallrye.config.SmallRyeConfigBuilder;

/** Configurations of tests, made the way Quarkus makes them. */
final class Configs {

    private Configs() {}

    /** @param keysAndValues keys without {@code connector.} */
    static RedisSinkConfig sink(Object... keysAndValues) {
        return of(RedisSinkConfig.class, keysAndValues);
    }

    /** @param keysAndValues keys without {@code connector.} */
    static RedisSourceConfig source(Object... keysAndValues) {
        return of(RedisSourceConfig.class, keysAndValues);
    }

    private static <T> T of(Class<T> type, Object... keysAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put("emc.connector." + keysAndValues[i], keysAndValues[i + 1].toString());
        }
        return new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(type).withDefaultValues(values).build()
                .getConfigMapping(type);
    }
}
