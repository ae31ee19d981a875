package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The SQL of a vendor. Names are always quoted, values always parameters. */
abstract class Dialect {

    /** A statement for rows of one shape. */
    record Sql(String text, List<Column> parameters) {}

    /** What is made of the first value of a column that is not there yet. */
    enum NewType {
        KEY_TEXT, TEXT, INTEGER, DECIMAL, BOOLEAN, JSON, BINARY, TIME
    }

    private final char quote;

    Dialect(char quote) {
        this.quote = quote;
    }

    static Dialect of(Vendor vendor) {
        return switch (vendor) {
            case POSTGRESQL -> new PostgresDialect();
            case MARIADB, MYSQL -> new MySqlDialect();
            case H2 -> new H2Dialect();
        };
    }

    /** A name that means itself, whatever is in it. */
    String quote(String name) {
        return quote + name.replace(String.valueOf(quote), String.valueOf(quote) + quote) + quote;
    }

    String quote(TableName table) {
        return table.schema() == null ? quote(table.name()) : quote(table.schema()) + "." + quote(table.name());
    }

    /** Names joined by commas. */
    final String names(List<Column> columns) {
        return columns.stream().map(column -> quote(column.name())).collect(Collectors.joining(", "));
    }

    /** A condition that finds the row of a key. */
    final String where(List<Column> key) {
        return key.stream().map(column -> quote(column.name()) + " = " + placeholder(column))
                .collect(Collectors.joining(" AND "));
    }

    final List<Column> without(List<Column> columns, List<Column> key) {
        return columns.stream().filter(column -> !key.contains(column)).toList();
    }

    /** The statement of a mode. @param key empty when the table has none */
    final Sql sql(JdbcSinkConfig.Mode mode, Table table, List<Column> columns, List<Column> key) {
        return switch (mode) {
            case INSERT -> new Sql(insert(table, columns), columns);
            case INSERT_NEW -> insertNew(table, columns, key);
            case UPSERT -> new Sql(upsert(table, columns, key), columns);
            case UPDATE -> update(table, columns, key);
            case DELETE -> new Sql("DELETE FROM " + quote(table.name()) + " WHERE " + where(key), key);
        };
    }

    final String insert(Table table, List<Column> columns) {
        return "INSERT INTO " + quote(table.name()) + " (" + names(columns) + ")" + overriding(columns) + " VALUES ("
                + columns.stream().map(this::placeholder).collect(Collectors.joining(", ")) + ")";
    }

    /** What lets values be given to columns that the database would number itself, with a blank before it. */
    String overriding(List<Column> columns) {
        return "";
    }

    private Sql update(Table table, List<Column> columns, List<Column> key) {
        List<Column> changed = without(columns, key);
        List<Column> set = changed.isEmpty() ? key : changed;
        String assignments = set.stream().map(column -> quote(column.name()) + " = " + placeholder(column))
                .collect(Collectors.joining(", "));
        return new Sql("UPDATE " + quote(table.name()) + " SET " + assignments + " WHERE " + where(key),
                Stream.concat(set.stream(), key.stream()).toList());
    }

    abstract Sql insertNew(Table table, List<Column> columns, List<Column> key);

    abstract String upsert(Table table, List<Column> columns, List<Column> key);

    /** What stands for a value of a column. */
    String placeholder(Column column) {
        return "?";
    }

    /**
     * A column as the driver describes it.
     *
     * @param type as in {@link Types}
     * @param size as in {@link java.sql.DatabaseMetaData#getColumns}
     */
    abstract Column column(String name, int type, String typeName, int size, int scale, boolean nullable, Column.Fill fill);

    /** The type of a new column. */
    abstract String type(NewType type);

    /** Longest row in bytes that the server takes without closing the connection. */
    long longestRow(Connection connection) throws SQLException {
        return Long.MAX_VALUE;
    }

    /** Whether this is more than the name of a table or column can be. */
    abstract boolean isTooLong(String name);

    /** Sets a parameter to what {@link Values} has made. */
    void bind(PreparedStatement statement, int index, Column column, Object value) throws SQLException {
        if (value == null) {
            statement.setNull(index, nullType(column));
            return;
        }
        switch (column.kind()) {
            case BOOLEAN -> statement.setBoolean(index, (Boolean) value);
            case BYTE -> statement.setByte(index, (Byte) value);
            case SHORT -> statement.setShort(index, (Short) value);
            case INTEGER -> statement.setInt(index, (Integer) value);
            case LONG -> statement.setLong(index, (Long) value);
            case FLOAT -> statement.setFloat(index, (Float) value);
            case DOUBLE -> statement.setDouble(index, (Double) value);
            case DECIMAL, UNSIGNED -> statement.setBigDecimal(index, (java.math.BigDecimal) value);
            case TEXT, JSON, OTHER -> statement.setString(index, (String) value);
            case BINARY -> statement.setBytes(index, (byte[]) value);
            default -> statement.setObject(index, value);
        }
    }

    int nullType(Column column) {
        return switch (column.kind()) {
            case BOOLEAN -> Types.BOOLEAN;
            case BYTE -> Types.TINYINT;
            case SHORT -> Types.SMALLINT;
            case INTEGER -> Types.INTEGER;
            case LONG -> Types.BIGINT;
            case FLOAT -> Types.REAL;
            case DOUBLE -> Types.DOUBLE;
            case DECIMAL, UNSIGNED -> Types.NUMERIC;
            case TEXT, JSON -> Types.VARCHAR;
            case BINARY -> Types.VARBINARY;
            case DATE -> Types.DATE;
            case TIME -> Types.TIME;
            case TIME_ZONED -> Types.TIME_WITH_TIMEZONE;
            case TIMESTAMP -> Types.TIMESTAMP;
            case TIMESTAMP_ZONED -> Types.TIMESTAMP_WITH_TIMEZONE;
            case UUID, ARRAY, OTHER -> Types.OTHER;
        };
    }

    final String createTable(TableName table, List<String> definitions) {
        return "CREATE TABLE IF NOT EXISTS " + quote(table) + " (" + String.join(", ", definitions) + ")";
    }

    final String addColumn(TableName table, String definition) {
        return "ALTER TABLE " + quote(table) + " ADD COLUMN " + definition;
    }
}
