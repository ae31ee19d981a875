package dev.emc.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * A column that rows are ordered by.
 *
 * @param vendor of the database
 * @param name as the database has it
 * @param type what its values are
 * @param placeholder what stands for a value in a statement
 * @param resolution of a time: the shortest difference between two values
 * @param nullable whether rows may have no value, as far as is known
 */
record KeyColumn(Vendor vendor, String name, KeyType type, String placeholder, Duration resolution,
        boolean nullable) {

    private static final int NANO_DIGITS = 9;

    /** The column; empty when rows can't be ordered by one of its type. */
    static Optional<KeyColumn> of(Vendor vendor, ResultSetMetaData columns, int index) throws SQLException {
        String name = columns.getColumnLabel(index);
        String typeName = columns.getColumnTypeName(index);
        boolean nullable = columns.isNullable(index) != ResultSetMetaData.columnNoNulls;
        int digits = Math.min(Math.max(0, columns.getScale(index)), NANO_DIGITS);
        Duration resolution = Duration.ofNanos(Math.round(Math.pow(10, NANO_DIGITS - digits)));
        return KeyType.of(vendor, columns, index)
                .map(type -> new KeyColumn(vendor, name, type, placeholder(vendor, type, typeName), resolution,
                        nullable));
    }

    /** PostgreSQL compares texts as the type of the parameter wants it, which has to be that of the column. */
    private static String placeholder(Vendor vendor, KeyType type, String typeName) {
        return vendor == Vendor.POSTGRESQL && type == KeyType.TEXT ? "CAST(? AS " + typeName + ")" : "?";
    }

    Object read(ResultSet row, int index) throws SQLException {
        return type.read(vendor, row, index);
    }

    void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        type.bind(vendor, statement, index, value);
    }

    /** @throws IllegalArgumentException when it can't be a value; the message goes on after the text's name */
    Object parse(Object offset) {
        return type.parse(vendor, offset.toString());
    }
}
