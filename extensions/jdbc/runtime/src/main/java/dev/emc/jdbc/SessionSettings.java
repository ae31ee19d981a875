package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** What each new session is told, so that no statement hangs and none means something else than written here. */
final class SessionSettings {

    private SessionSettings() {}

    static void apply(Connection connection, Vendor vendor, Duration timeout) throws SQLException {
        long millis = timeout.toMillis();
        long seconds = Math.max(1, (millis + 999) / 1000);
        List<String> statements = switch (vendor) {
            case POSTGRESQL -> List.of("SET statement_timeout = " + millis);
            case MARIADB -> List.of("SET max_statement_time = " + millis / 1000.0 + ", innodb_lock_wait_timeout = " + seconds
                    + ", sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), time_zone = '+00:00'");
            case MYSQL -> List.of("SET max_execution_time = " + millis + ", innodb_lock_wait_timeout = " + seconds
                    + ", sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), time_zone = '+00:00'");
            case H2 -> List.of("SET QUERY_TIMEOUT " + millis, "SET LOCK_TIMEOUT " + millis);
        };
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
