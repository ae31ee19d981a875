package dev.emc.jdbc;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is read: a table, or a query of the user's own.
 *
 * @param title for messages, such as {@code table sales.orders}
 * @param name schema and name, or the name of the query
 * @param sql what stands after {@code FROM}
 * @param partition under which the registry knows it
 * @param columns what rows are ordered by: perhaps a time, and what tells rows apart
 * @param hasTimestamp whether the first one is the time of the last change
 */
record Relation(String title, String name, String sql, Map<String, Object> partition, List<KeyColumn> columns,
        boolean hasTimestamp) {

    KeyColumn first() {
        return columns.get(0);
    }

    /** What tells rows apart. */
    List<KeyColumn> key() {
        return hasTimestamp ? columns.subList(1, columns.size()) : columns;
    }

    /** The time of the last change. */
    Optional<KeyColumn> timestamp() {
        return hasTimestamp ? Optional.of(first()) : Optional.empty();
    }

    /** Whether gaps between keys can be seen. */
    boolean isNumbered() {
        return !hasTimestamp && columns.size() == 1 && first().type() == KeyType.INTEGER;
    }
}
