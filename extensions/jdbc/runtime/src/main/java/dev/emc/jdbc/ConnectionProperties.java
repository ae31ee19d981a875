package dev.emc.jdbc;

import java.time.Duration;
import java.util.Properties;

/** What a driver is told beside the URL; what the user sets in {@code connector.properties} counts more. */
final class ConnectionProperties {

    /** The driver gives up so much later than the database, in milliseconds: its connection is lost then. */
    private static final long GRACE = 5_000;

    private ConnectionProperties() {}

    /**
     * The properties of a connection.
     *
     * @param tls name for the TLS settings
     * @param readOnly whether values are only read, and have to come out exactly
     */
    static Properties of(JdbcConnectionConfig config, Vendor vendor, String tls, boolean readOnly) {
        Properties properties = new Properties();
        config.user().ifPresent(user -> properties.setProperty("user", user));
        config.password().ifPresent(password -> properties.setProperty("password", password));
        long socketMillis = config.statementTimeout().toMillis() + GRACE;
        switch (vendor) {
            case POSTGRESQL -> {
                properties.setProperty("connectTimeout", seconds(config.connectTimeout()));
                properties.setProperty("socketTimeout", seconds(Duration.ofMillis(socketMillis)));
                properties.setProperty("tcpKeepAlive", "true");
                properties.setProperty("ApplicationName", "emc");
                properties.setProperty("reWriteBatchedInserts", "true");
            }
            case MARIADB, MYSQL -> {
                properties.setProperty("connectTimeout", Long.toString(config.connectTimeout().toMillis()));
                properties.setProperty("socketTimeout", Long.toString(socketMillis));
                if (readOnly) {
                    exactValues(properties);
                }
            }
            case H2 -> {
            } // has no such properties
        }
        if (config.tls().enabled()) {
            TlsContexts.apply(vendor, config.tls(), tls, properties);
        }
        config.properties().forEach(properties::setProperty);
        return properties;
    }

    /** As text, MariaDB rounds floats to six digits; its driver makes a boolean of 2 and a date of a year. */
    private static void exactValues(Properties properties) {
        properties.setProperty("useServerPrepStmts", "true");
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("yearIsDateType", "false");
    }

    private static String seconds(Duration time) {
        return Long.toString(Math.max(1, (time.toMillis() + 999) / 1000));
    }
}
