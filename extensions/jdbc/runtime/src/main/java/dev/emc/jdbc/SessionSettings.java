package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import org.postgresql.PGConnection;

/** What each new session is told, so that no statement hangs and none means something else than written here. */
final class SessionSettings {

    /** No value is cut off, and a 0 in a key stays one, or the row would get another key each time it comes again. */
    private static final String MODES = "',STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'";

    private SessionSettings() {}

    static void apply(Connection connection, Vendor vendor, Duration timeout) throws SQLException {
        long millis = timeout.toMillis();
        long seconds = Math.max(1, (millis + 999) / 1000);
        List<String> statements = switch (vendor) {
            case POSTGRESQL -> List.of("SET statement_timeout = " + millis);
            case MARIADB -> List.of("SET max_statement_time = " + millis / 1000.0 + ", innodb_lock_wait_timeout = " + seconds
                    + ", sql_mode = CONCAT(@@sql_mode, " + MODES + "), time_zone = '+00:00'");
            case MYSQL -> List.of("SET max_execution_time = " + millis + ", innodb_lock_wait_timeout = " + seconds
                    + ", sql_mode = CONCAT(@@sql_mode, " + MODES + "), time_zone = '+00:00'");
            case H2 -> List.of("SET QUERY_TIMEOUT " + millis, "SET LOCK_TIMEOUT " + millis);
        };
        execute(connection, statements);
    }

    /** For a session that only reads: it can't write, and has texts of values as {@link Cells} expects them. */
    static void readOnly(Connection connection, Vendor vendor) throws SQLException {
        if (vendor == Vendor.POSTGRESQL) {
            execute(connection, List.of("SET TIME ZONE 'UTC'", "SET IntervalStyle = 'iso_8601'", "SET bytea_output = 'hex'",
                    "SET DateStyle = 'ISO'"));
            // a statement that the server keeps fails when a column is added to its table
            connection.unwrap(PGConnection.class).setPrepareThreshold(0);
        }
        if (vendor == Vendor.MARIADB || vendor == Vendor.MYSQL) {
            execute(connection, List.of("SET SESSION TRANSACTION READ ONLY")); // their driver doesn't say it
        }
        connection.setReadOnly(true);
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
