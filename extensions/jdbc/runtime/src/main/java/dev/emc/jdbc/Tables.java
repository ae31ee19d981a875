package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks up tables in the database, and remembers them. */
final class Tables {

    /** Templates can make any number of names; so many are remembered. */
    private static final int MOST = 1000;
    private static final String[] KINDS = {"TABLE", "BASE TABLE", "PARTITIONED TABLE", "FOREIGN TABLE", "VIEW",
            "UPDATABLE VIEW"};

    private final Vendor vendor;
    private final Dialect dialect;
    private final Map<TableName, Table> known = new HashMap<>();

    Tables(Vendor vendor, Dialect dialect) {
        this.vendor = vendor;
        this.dialect = dialect;
    }

    /** Forgets everything: tables may have changed. */
    void forget() {
        known.clear();
    }

    void forget(TableName name) {
        known.remove(name);
    }

    /** The table of this name, in any case of letters if that is unambiguous; empty when there is none. */
    Optional<Table> find(Connection connection, TableName wanted) throws SQLException {
        Table table = known.get(wanted);
        if (table == null) {
            Optional<TableName> actual = resolve(connection, wanted);
            if (actual.isEmpty()) {
                return Optional.empty();
            }
            table = load(connection, actual.get());
            if (known.size() == MOST) {
                known.clear();
            }
            known.put(wanted, table);
        }
        return Optional.of(table);
    }

    private boolean databasesAreCatalogs() {
        return vendor == Vendor.MARIADB || vendor == Vendor.MYSQL;
    }

    /** The name as it is in the database, with its schema. */
    private Optional<TableName> resolve(Connection connection, TableName wanted) throws SQLException {
        String schema = wanted.schema() != null
                ? wanted.schema()
                : databasesAreCatalogs() ? connection.getCatalog() : connection.getSchema();
        Optional<TableName> exact = exact(connection, schema, wanted.name());
        return exact.isPresent() ? exact : folded(connection, schema, wanted.name());
    }

    private Optional<TableName> exact(Connection connection, String schema, String name) throws SQLException {
        return names(connection, schema, name).stream().filter(found -> found.name().equals(name)
                && (schema == null || found.schema() == null || found.schema().equals(schema))).findFirst();
    }

    private Optional<TableName> folded(Connection connection, String schema, String name) throws SQLException {
        List<TableName> alike = names(connection, null, null).stream().filter(found -> found.name().equalsIgnoreCase(name)
                && (schema == null || found.schema() == null || found.schema().equalsIgnoreCase(schema))).toList();
        return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
    }

    /** @param schema exactly; null for any. @param name exactly; null for any */
    private List<TableName> names(Connection connection, String schema, String name) throws SQLException {
        DatabaseMetaData meta = connection.getMetaData();
        List<TableName> names = new ArrayList<>();
        String pattern = name == null ? "%" : escape(meta, name);
        try (ResultSet tables = databasesAreCatalogs()
                ? meta.getTables(schema, null, pattern, KINDS)
                : meta.getTables(connection.getCatalog(), schema == null ? null : escape(meta, schema), pattern, KINDS)) {
            while (tables.next()) {
                names.add(new TableName(tables.getString(databasesAreCatalogs() ? "TABLE_CAT" : "TABLE_SCHEM"),
                        tables.getString("TABLE_NAME")));
            }
        }
        return names;
    }

    /** In patterns an underline would be any character. */
    private static String escape(DatabaseMetaData meta, String name) throws SQLException {
        String escape = meta.getSearchStringEscape();
        return name.replace(escape, escape + escape).replace("_", escape + "_").replace("%", escape + "%");
    }

    private Table load(Connection connection, TableName name) throws SQLException {
        DatabaseMetaData meta = connection.getMetaData();
        String catalog = databasesAreCatalogs() ? name.schema() : connection.getCatalog();
        String schema = databasesAreCatalogs() ? null : name.schema();
        List<Column> columns = new ArrayList<>();
        Map<String, String> domains = vendor == Vendor.POSTGRESQL ? PostgresDomains.of(connection, name) : Map.of();
        try (ResultSet found = meta.getColumns(catalog, schema == null ? null : escape(meta, schema), escape(meta, name.name()),
                "%")) {
            while (found.next()) {
                if (found.getString("TABLE_NAME").equals(name.name())) {
                    columns.add(column(found, domains.get(found.getString("COLUMN_NAME"))));
                }
            }
        }
        Map<Integer, String> key = new TreeMap<>();
        try (ResultSet found = meta.getPrimaryKeys(catalog, schema, name.name())) {
            while (found.next()) {
                key.put(found.getInt("KEY_SEQ"), found.getString("COLUMN_NAME"));
            }
        }
        return new Table(name, columns, List.copyOf(key.values()));
    }

    /** @param base of the domain that the column has as its type; null when it has none */
    private Column column(ResultSet found, String base) throws SQLException {
        boolean nullable = !"NO".equals(found.getString("IS_NULLABLE"));
        String name = found.getString("COLUMN_NAME");
        return base == null
                ? dialect.column(name, found.getInt("DATA_TYPE"), found.getString("TYPE_NAME"), found.getInt("COLUMN_SIZE"),
                        found.getInt("DECIMAL_DIGITS"), nullable, fill(found))
                : dialect.column(name, Types.OTHER, base, Integer.MAX_VALUE, 0, nullable, fill(found));
    }

    private static Column.Fill fill(ResultSet column) throws SQLException {
        if ("YES".equals(column.getString("IS_GENERATEDCOLUMN"))) {
            return Column.Fill.GENERATED;
        }
        return "YES".equals(column.getString("IS_AUTOINCREMENT")) ? Column.Fill.AUTOMATIC : Column.Fill.GIVEN;
    }

    /** Whether a unique index has just these columns. */
    boolean isUnique(Connection connection, Table table, List<Column> key) throws SQLException {
        TableName name = table.name();
        Map<String, List<String>> indexes = new HashMap<>();
        try (ResultSet found = connection.getMetaData().getIndexInfo(
                databasesAreCatalogs() ? name.schema() : connection.getCatalog(),
                databasesAreCatalogs() ? null : name.schema(), name.name(), true, true)) {
            while (found.next()) {
                if (found.getString("COLUMN_NAME") != null && found.getString("FILTER_CONDITION") == null) {
                    indexes.computeIfAbsent(found.getString("INDEX_NAME"), index -> new ArrayList<>())
                            .add(found.getString("COLUMN_NAME"));
                }
            }
        }
        List<String> wanted = key.stream().map(Column::name).sorted().toList();
        return indexes.values().stream().anyMatch(columns -> columns.stream().sorted().toList().equals(wanted));
    }
}
