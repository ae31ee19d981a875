package dev.emc.jdbc;

import java.util.List;

import dev.emc.api.ConnectorRecord;

/**
 * What rows have in common that are written by one statement.
 *
 * @param mode what is done
 * @param sql the statement
 * @param places where the columns of the statement's parameters stand in the table
 */
record Shape(Table table, JdbcSinkConfig.Mode mode, Dialect.Sql sql, int[] places) {

    /**
     * A row to write or to delete.
     *
     * @param values for the parameters of the statement, as {@link Values} makes them
     * @param key what tells it apart from others of its table; null when nothing does
     */
    record Row(ConnectorRecord event, Shape shape, Object[] values, List<Object> key) {}
}
