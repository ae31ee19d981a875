package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.emc.jdbc.Column.Kind;

/** MariaDB and MySQL. */
final class MySqlDialect extends Dialect {

    /** Room in a packet for the text of a statement, in bytes. */
    private static final int STATEMENT = 16 * 1024;

    MySqlDialect() {
        super('`');
    }

    /** Without IGNORE, which would let wrong values pass, too. */
    @Override
    Sql insertNew(Table table, List<Column> columns, List<Column> key) {
        String name = quote((key.isEmpty() ? columns : key).get(0).name());
        return new Sql(insert(table, columns) + " ON DUPLICATE KEY UPDATE " + name + " = " + name, columns);
    }

    @Override
    String upsert(Table table, List<Column> columns, List<Column> key) {
        List<Column> changed = without(columns, key);
        if (changed.isEmpty()) {
            return insertNew(table, columns, key).text();
        }
        return insert(table, columns) + " ON DUPLICATE KEY UPDATE "
                + changed.stream().map(column -> quote(column.name()) + " = VALUES(" + quote(column.name()) + ")")
                        .collect(Collectors.joining(", "));
    }

    @Override
    Column column(String name, int type, String typeName, int size, int scale, boolean nullable, Column.Fill fill) {
        String upper = typeName.toUpperCase(Locale.ROOT);
        boolean unsigned = upper.contains("UNSIGNED");
        String base = upper.replaceFirst("[ (].*", "");
        Kind kind = switch (base) {
            case "TINYINT", "BOOLEAN", "BOOL" -> Kind.BYTE;
            case "SMALLINT", "YEAR" -> Kind.SHORT;
            case "MEDIUMINT", "INT", "INTEGER" -> Kind.INTEGER;
            case "BIGINT" -> Kind.LONG;
            case "DECIMAL", "NUMERIC" -> Kind.DECIMAL;
            case "FLOAT" -> Kind.FLOAT;
            case "DOUBLE" -> Kind.DOUBLE;
            case "CHAR", "VARCHAR", "TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT", "UUID" -> Kind.TEXT;
            case "DATE" -> Kind.DATE;
            case "TIME" -> Kind.TIME;
            case "DATETIME" -> Kind.TIMESTAMP;
            case "TIMESTAMP" -> Kind.TIMESTAMP_ZONED;
            case "BINARY", "VARBINARY", "TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB" -> Kind.BINARY;
            case "JSON" -> Kind.JSON;
            case "BIT" -> size <= 1 ? Kind.BOOLEAN : Kind.UNSIGNED;
            default -> Kind.OTHER;
        };
        if (unsigned && (kind == Kind.BYTE || kind == Kind.SHORT || kind == Kind.INTEGER || kind == Kind.LONG)) {
            kind = Kind.UNSIGNED;
        }
        return new Column(name, kind, typeName, limit(base, kind, size), scale, null, nullable, fill);
    }

    /** In characters, bytes, digits, or of whole numbers in bits. */
    private static int limit(String base, Kind kind, int size) {
        return switch (base) {
            case "CHAR", "VARCHAR", "BINARY", "VARBINARY", "DECIMAL", "NUMERIC", "BIT" -> size;
            case "MEDIUMINT" -> 24;
            case "TINYINT", "BOOLEAN", "BOOL" -> 8;
            case "SMALLINT" -> 16;
            case "INT", "INTEGER" -> 32;
            default -> 0;
        };
    }

    @Override
    void bind(PreparedStatement statement, int index, Column column, Object value) throws SQLException {
        if (value instanceof OffsetDateTime time) { // the session's time zone is UTC
            statement.setObject(index, time.atZoneSameInstant(ZoneOffset.UTC).toLocalDateTime());
        } else if (value != null && column.kind() == Kind.UNSIGNED && column.size() > 0) {
            statement.setLong(index, ((java.math.BigDecimal) value).longValue());
        } else {
            super.bind(statement, index, column, value);
        }
    }

    @Override
    int nullType(Column column) {
        return column.kind() == Kind.OTHER ? Types.VARCHAR : super.nullType(column);
    }

    /** Text that is part of a key has to have a limit. */
    @Override
    String type(NewType type) {
        return switch (type) {
            case KEY_TEXT -> "varchar(255)";
            case TEXT -> "longtext";
            case INTEGER -> "bigint";
            case DECIMAL -> "double";
            case BOOLEAN -> "boolean";
            case JSON -> "json";
            case BINARY -> "longblob";
            case TIME -> "datetime(6)";
        };
    }

    @Override
    long longestRow(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet limit = statement.executeQuery("SELECT @@max_allowed_packet")) {
            limit.next();
            return limit.getLong(1) - STATEMENT;
        }
    }

    @Override
    boolean isTooLong(String name) {
        return name.length() > 64;
    }
}
