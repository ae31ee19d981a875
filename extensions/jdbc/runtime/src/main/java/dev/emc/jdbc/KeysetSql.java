package dev.emc.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A SELECT of rows in the order of their key columns, between two bounds: the next page begins after the last row of this one,
 * whatever was added or deleted meanwhile. Names are quoted, values are parameters.
 */
final class KeysetSql {

    private final Vendor vendor;
    private final Dialect dialect;
    private final Relation relation;
    private final List<String> conditions = new ArrayList<>();
    private final List<KeyColumn> columns = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();

    KeysetSql(Vendor vendor, Relation relation) {
        this.vendor = vendor;
        this.dialect = Dialect.of(vendor);
        this.relation = relation;
    }

    /** Only rows after these values of the first columns, or at them if inclusive; none: no such bound. */
    KeysetSql after(List<Object> bound, boolean inclusive) {
        return bound(bound, ">", inclusive);
    }

    /** Only rows up to these values of the first columns, with them; none: no such bound. */
    KeysetSql upTo(List<Object> bound) {
        return bound(bound, "<", true);
    }

    private KeysetSql bound(List<Object> bound, String operator, boolean inclusive) {
        if (!bound.isEmpty()) {
            conditions.add(vendor == Vendor.POSTGRESQL
                    ? rowComparison(bound, operator + (inclusive ? "=" : ""))
                    : comparison(bound, operator, inclusive));
        }
        return this;
    }

    /** PostgreSQL goes through an index with it. */
    private String rowComparison(List<Object> bound, String operator) {
        List<KeyColumn> compared = relation.columns().subList(0, bound.size());
        columns.addAll(compared);
        values.addAll(bound);
        return "(" + names(compared) + ") " + operator + " ("
                + compared.stream().map(KeyColumn::placeholder).collect(Collectors.joining(", ")) + ")";
    }

    /** The same in a form in which the other databases use an index, which they don't with rows. */
    private String comparison(List<Object> bound, String operator, boolean inclusive) {
        StringBuilder sql = new StringBuilder();
        int last = bound.size() - 1;
        if (last > 0) {
            sql.append(one(0, operator + "=", bound)).append(" AND ");
        }
        for (int i = 0; i < last; i++) {
            sql.append('(').append(one(i, operator, bound)).append(" OR (").append(one(i, "=", bound)).append(" AND ");
        }
        sql.append(one(last, inclusive ? operator + "=" : operator, bound));
        return sql.append("))".repeat(last)).toString();
    }

    private String one(int index, String operator, List<Object> bound) {
        KeyColumn column = relation.columns().get(index);
        columns.add(column);
        values.add(bound.get(index));
        return dialect.quote(column.name()) + " " + operator + " " + column.placeholder();
    }

    private String names(List<KeyColumn> named) {
        return named.stream().map(column -> dialect.quote(column.name())).collect(Collectors.joining(", "));
    }

    /** Rows without a place in the order are never read; without this they would be once, at the begin. */
    private String where() {
        List<String> all = new ArrayList<>(conditions);
        relation.columns().stream().filter(KeyColumn::nullable)
                .forEach(column -> all.add(dialect.quote(column.name()) + " IS NOT NULL"));
        return all.isEmpty() ? "" : " WHERE " + String.join(" AND ", all);
    }

    private String order(String direction) {
        return " ORDER BY " + relation.columns().stream().map(column -> dialect.quote(column.name()) + direction)
                .collect(Collectors.joining(", "));
    }

    /** All columns of so many rows. */
    String rows(int limit) {
        return "SELECT * FROM " + relation.sql() + where() + order("") + " LIMIT " + limit;
    }

    /** Only the key columns of so many rows. */
    String keys(int limit) {
        return "SELECT " + names(relation.columns()) + " FROM " + relation.sql() + where() + order("") + " LIMIT " + limit;
    }

    /** The key columns of the last row, and more. @param more further columns, each after a comma */
    String last(String more) {
        return "SELECT " + names(relation.columns()) + more + " FROM " + relation.sql() + where() + order(" DESC") + " LIMIT 1";
    }

    /** How many rows there are, but no more than this. */
    String count(int most) {
        return "SELECT COUNT(*) FROM (SELECT 1 FROM " + relation.sql() + where() + " LIMIT " + most + ") waiting";
    }

    /** Sets the parameters of one of these. */
    void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            columns.get(i).bind(statement, i + 1, values.get(i));
        }
    }
}
