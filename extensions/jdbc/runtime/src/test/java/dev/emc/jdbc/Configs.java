package dev.emc.jdbc;

import java.util.HashMap;
import java.util.Map;

import io.smallrye.config.SmallRyeConfigBuilder;

/** Configurations of tests, made the way Quarkus makes them. */
final class Configs {

    private Configs() {}

    /**
     * Makes a configuration.
     *
     * @param type a {@code @ConfigMapping} interface of this extension
     * @param keysAndValues keys without {@code connector.}
     */
    static <T> T of(Class<T> type, Object... keysAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put("emc.connector." + keysAndValues[i], keysAndValues[i + 1].toString());
        }
        return new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(type).withDefaultValues(values).build()
                .getConfigMapping(type);
    }

    /** Configuration of a sink of this server; more in pairs. */
    static JdbcSinkConfig sink(DatabaseServer server, Object... keysAndValues) {
        return of(JdbcSinkConfig.class, with(server, keysAndValues));
    }

    /** Puts what leads to a server before these. */
    static Object[] with(DatabaseServer server, Object... keysAndValues) {
        Object[] all = new Object[keysAndValues.length + 6];
        Object[] place = {"url", server.url(), "user", DatabaseServer.USER, "password", DatabaseServer.PASSWORD};
        System.arraycopy(place, 0, all, 0, 6);
        System.arraycopy(keysAndValues, 0, all, 6, keysAndValues.length);
        return all;
    }
}
