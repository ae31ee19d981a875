package dev.emc.jdbc;

import java.util.List;

import dev.emc.api.ConnectorRecord;

/**
 * What rows have in common that are written by one statement.
 *
 * @param mode what is done
 * @param columns those that get a value, in the order of the table
 * @param key those that find a row; empty when no row has to be found
 * @param sql the statement
 */
record Shape(Table table, JdbcSinkConfig.Mode mode, List<Column> columns, List<Column> key, Dialect.Sql sql) {

    /**
     * A row to write or to delete.
     *
     * @param values for the parameters of the statement, as {@link Values} makes them
     * @param key what tells it apart from others of its table; null when nothing does
     */
    record Row(ConnectorRecord event, Shape shape, Object[] values, List<Object> key) {}
}
