package dev.emc.jdbc;

/** Configurations of tests. */
final class Configs {

    private Configs() {}

    /** As {@link dev.emc.testkit.Configs#of}. */
    static <T> T of(Class<T> type, Object... keysAndValues) {
        return dev.emc.testkit.Configs.of(type, keysAndValues);
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
