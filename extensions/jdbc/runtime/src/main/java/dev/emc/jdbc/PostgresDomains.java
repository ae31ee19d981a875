package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Types of PostgreSQL that are another type with conditions. */
final class PostgresDomains {

    private static final String BASES = """
            WITH RECURSIVE type (attribute, id) AS (
                SELECT a.attname, a.atttypid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                    JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
                UNION ALL
                SELECT type.attribute, d.typbasetype FROM type JOIN pg_type d ON d.oid = type.id AND d.typtype = 'd')
            SELECT type.attribute, b.typname FROM type JOIN pg_type b ON b.oid = type.id AND b.typtype <> 'd'
                JOIN pg_attribute a ON a.attname = type.attribute AND a.atttypid <> b.oid
                JOIN pg_class c ON c.oid = a.attrelid AND c.relname = ? JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND NOT a.attisdropped""";

    private PostgresDomains() {}

    /** The base types of a table's columns that have a domain as their type, by the columns' names. */
    static Map<String, String> of(Connection connection, TableName table) throws SQLException {
        Map<String, String> bases = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(BASES)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            statement.setString(3, table.name());
            statement.setString(4, table.schema());
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    bases.put(found.getString(1), found.getString(2));
                }
            }
        }
        return bases;
    }
}
