package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.emc.api.FatalException;

/** Finds what a configuration wants to be read. */
final class Relations {

    /** MariaDB and MySQL order these by numbers, and compare them as texts. */
    private static final Set<String> ENUMERATIONS = Set.of("ENUM", "SET");

    private final Vendor vendor;
    private final JdbcSourceConfig config;

    Relations(Vendor vendor, JdbcSourceConfig config) {
        this.vendor = vendor;
        this.config = config;
    }

    /**
     * A table that is in the database.
     *
     * @param byNameOnly whether no pattern means it: a view, a partition of another table
     * @param rank place of its schema among those that need not be named, from 1; 0 when it has to be
     */
    record Found(String schema, String name, boolean byNameOnly, int rank) {

        String fullName() {
            return schema + "." + name;
        }
    }

    /** All tables that the user may see. */
    private List<Found> all(Connection connection) throws SQLException {
        String sql = switch (vendor) {
            case POSTGRESQL -> "SELECT n.nspname, c.relname, c.relkind NOT IN ('r', 'p') OR c.relispartition,"
                    + " COALESCE(array_position(current_schemas(false), n.nspname), 0) FROM pg_class c"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')"
                    + " AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";
            case MARIADB, MYSQL -> "SELECT table_schema, table_name, table_type NOT IN ('BASE TABLE', 'SYSTEM VERSIONED'),"
                    + " COALESCE(table_schema = DATABASE(), 0) FROM information_schema.tables WHERE table_schema NOT IN"
                    + " ('information_schema', 'mysql', 'performance_schema', 'sys')";
            case H2 -> "SELECT table_schema, table_name, table_type <> 'BASE TABLE', CASE WHEN table_schema = CURRENT_SCHEMA"
                    + " THEN 1 ELSE 0 END FROM information_schema.tables WHERE table_schema <> 'INFORMATION_SCHEMA'";
        };
        List<Found> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql); ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                all.add(new Found(row.getString(1), row.getString(2), row.getBoolean(3), row.getInt(4)));
            }
        }
        return all;
    }

    /**
     * The tables of the configuration, in its order.
     *
     * @throws FatalException when one that is named isn't there
     */
    List<Found> tables(Connection connection) throws SQLException, FatalException {
        List<Found> all = all(connection);
        Map<String, Found> wanted = new LinkedHashMap<>();
        for (String name : config.tables().orElse(List.of())) {
            TablePattern pattern = new TablePattern(name);
            List<Found> found = pattern.isName()
                    ? List.of(named(name, pattern, all))
                    : all.stream()
                            .filter(pattern::matches).sorted(Comparator.comparing(Found::fullName)).toList();
            found.forEach(table -> wanted.putIfAbsent(table.fullName(), table));
        }
        for (String name : config.excludeTables().orElse(List.of())) {
            wanted.values().removeIf(new TablePattern(name)::matches);
        }
        return List.copyOf(wanted.values());
    }

    /** Whether the configuration has patterns, which new tables may fit. */
    boolean hasPatterns() {
        return config.tables().orElse(List.of()).stream().anyMatch(name -> !new TablePattern(name).isName());
    }

    private static Found named(String name, TablePattern pattern, List<Found> all) throws FatalException {
        List<Found> found = all.stream().filter(pattern::isExactly).sorted(Comparator.comparing(Found::rank))
                .toList();
        if (found.isEmpty()) {
            found = all.stream().filter(pattern::matches).toList();
            if (found.size() > 1) {
                throw new FatalException("connector.tables: \"" + name + "\" may mean "
                        + String.join(" or ", found.stream().map(Found::fullName).toList())
                        + "; write it as it is in the database");
            }
        }
        if (found.isEmpty()) {
            throw new FatalException("connector.tables: there is no table \"" + name
                    + "\", or the user may not see it; write its name as it is in the database, with its schema if that isn't"
                    + " the current one");
        }
        return found.get(0);
    }

    /**
     * How to read a table.
     *
     * @throws FatalException when it can't be read with this configuration; the message says why
     */
    Relation table(Connection connection, Found table) throws SQLException, FatalException {
        String title = "table " + table.fullName();
        TableName name = new TableName(table.schema, table.name);
        Dialect dialect = Dialect.of(vendor);
        Optional<Table> known = new Tables(vendor, dialect).find(connection, name);
        List<String> key = config.keyColumns().orElseGet(() -> known.map(Table::primaryKey).orElse(List.of()));
        if (key.isEmpty()) {
            throw new FatalException(title + " has no primary key; name columns that tell its rows apart in"
                    + " connector.key-columns, or leave it out with connector.exclude-tables");
        }
        for (String column : key) {
            Column enumeration = known.map(one -> one.column(column)).orElse(null);
            if (enumeration != null && ENUMERATIONS.contains(enumeration.typeName().toUpperCase(Locale.ROOT))) {
                throw cantOrder(title, column, "connector.key-columns");
            }
        }
        return relation(connection, title, table.fullName(), dialect.quote(name), Map.of("table", table.fullName()), key);
    }

    private static FatalException cantOrder(String title, String column, String key) {
        return new FatalException("rows of " + title + " can't be ordered by column \"" + column + "\", which " + key
                + " needs: it has no type with an exact order; use a number, text, UUID or time");
    }

    /** How to read the query. */
    Relation query(Connection connection) throws SQLException, FatalException {
        String sql = "(" + config.query().orElseThrow().strip() + "\n) emc_query";
        return relation(connection, "query " + config.queryName(), config.queryName(), sql,
                Map.of("query", config.queryName()), config.keyColumns().orElseThrow());
    }

    private Relation relation(Connection connection, String title, String name, String sql, Map<String, Object> partition,
            List<String> key) throws SQLException, FatalException {
        List<KeyColumn> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM " + sql + " LIMIT 0");
                ResultSet none = statement.executeQuery()) {
            ResultSetMetaData all = none.getMetaData();
            if (config.timestampColumn().isPresent()) {
                columns.add(timestamp(title, all));
            }
            for (String column : key) {
                columns.add(column(title, all, column, "connector.key-columns"));
            }
        }
        Relation relation = new Relation(title, name, sql, partition, List.copyOf(columns),
                config.timestampColumn().isPresent());
        if (columns.stream().distinct().count() < columns.size()) {
            throw new FatalException(title + " is ordered by a column twice; a column stands in either"
                    + " connector.timestamp-column or connector.key-columns");
        }
        checkGrows(relation);
        return relation;
    }

    private KeyColumn timestamp(String title, ResultSetMetaData all) throws SQLException, FatalException {
        KeyColumn column = column(title, all, config.timestampColumn().orElseThrow(), "connector.timestamp-column");
        if (!column.type().isTimestamp()) {
            throw new FatalException("column \"" + column.name() + "\" of " + title
                    + " has no type with date and time, as connector.timestamp-column needs it; what grows can stand first in"
                    + " connector.key-columns");
        }
        if (column.type() == KeyType.LOCAL_TIMESTAMP && config.timezone().isEmpty()) {
            throw new FatalException("the type of column \"" + column.name() + "\" of " + title
                    + " has no time zone; say in connector.timezone which one its values are in, such as UTC");
        }
        return column;
    }

    private KeyColumn column(String title, ResultSetMetaData all, String wanted, String key)
            throws SQLException, FatalException {
        int index = index(all, wanted);
        if (index == 0) {
            throw new FatalException(title + " has no column \"" + wanted + "\", which " + key + " names");
        }
        Optional<KeyColumn> column = KeyColumn.of(vendor, all, index);
        return column.orElseThrow(() -> cantOrder(title, wanted, key));
    }

    /** Without a time, new rows are found only if their keys are higher; whoever has named the columns says that they are. */
    private void checkGrows(Relation relation) throws FatalException {
        boolean number = relation.columns().size() == 1
                && (relation.first().type() == KeyType.INTEGER || relation.first().type() == KeyType.DECIMAL);
        if (!relation.hasTimestamp() && !number && config.keyColumns().isEmpty()) {
            throw new FatalException("the primary key of " + relation.title()
                    + " is not one number, so that new rows may have lower keys; set connector.timestamp-column, or name the"
                    + " columns in connector.key-columns if new rows always have higher ones");
        }
    }

    /** Where a column is, 0 when it isn't: by its exact name, or in any case of letters if there is only one. */
    private static int index(ResultSetMetaData columns, String wanted) throws SQLException {
        int found = 0;
        int similar = 0;
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String name = columns.getColumnLabel(i);
            if (name.equals(wanted)) {
                return i;
            }
            if (name.equalsIgnoreCase(wanted)) {
                found = i;
                similar++;
            }
        }
        return similar == 1 ? found : 0;
    }

    /** Where the columns are in a result. */
    static int[] indexes(Relation relation, ResultSetMetaData columns) throws SQLException, FatalException {
        int[] indexes = new int[relation.columns().size()];
        for (int i = 0; i < indexes.length; i++) {
            String name = relation.columns().get(i).name();
            indexes[i] = index(columns, name);
            if (indexes[i] == 0) {
                throw new FatalException(relation.title() + " has no column \"" + name + "\" any more");
            }
        }
        return indexes;
    }

    /** Whether an index begins with this column, for {@code doctor}. */
    boolean hasIndex(Connection connection, Found table, String column) throws SQLException {
        try (ResultSet row = connection.getMetaData().getIndexInfo(catalog(table), schema(table), table.name, false, true)) {
            while (row.next()) {
                if (row.getShort("TYPE") != DatabaseMetaData.tableIndexStatistic && row.getShort("ORDINAL_POSITION") == 1
                        && column.equalsIgnoreCase(unquoted(row.getString("COLUMN_NAME")))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** PostgreSQL's driver quotes some names of columns here, and nowhere else. */
    private static String unquoted(String name) {
        return name != null && name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }

    private String catalog(Found table) {
        return vendor == Vendor.MARIADB || vendor == Vendor.MYSQL ? table.schema : null;
    }

    private String schema(Found table) {
        return vendor == Vendor.MARIADB || vendor == Vendor.MYSQL ? null : table.schema;
    }
}
