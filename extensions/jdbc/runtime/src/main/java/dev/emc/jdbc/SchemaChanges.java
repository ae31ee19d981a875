package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jboss.logging.Logger;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.jdbc.Dialect.NewType;
import dev.emc.jdbc.JdbcSinkConfig.SchemaChange;
import dev.emc.jdbc.JdbcSinkConfig.UnknownFields;
import dev.emc.jdbc.RowMapper.Change;

/** Creates tables and adds columns, as far as the configuration allows. Each change is committed at once. */
final class SchemaChanges {

    private static final Logger LOG = Logger.getLogger(SchemaChanges.class);

    private final JdbcSinkConfig config;
    private final RowMapper mapper;
    private final Dialect dialect;

    SchemaChanges(JdbcSinkConfig config, RowMapper mapper, Dialect dialect) {
        this.config = config;
        this.mapper = mapper;
        this.dialect = dialect;
    }

    /** Creates the table of a change, with the columns that this one has values for. */
    void create(Connection connection, Change change) throws SQLException, ConnectorException {
        List<String> key = config.key().orElse(List.of());
        List<String> definitions = new ArrayList<>();
        Map<String, NewType> columns = columns(change);
        for (String name : key) {
            if (!columns.containsKey(name)) {
                throw new PermanentException("Event '" + change.event().id() + "' can't be the first of table " + change.table()
                        + ": it has no value for its key \"" + name + "\".");
            }
        }
        for (Map.Entry<String, NewType> column : columns.entrySet()) {
            boolean isKey = key.contains(column.getKey());
            NewType type = isKey && column.getValue() == NewType.TEXT ? NewType.KEY_TEXT : column.getValue();
            definitions.add(definition(column.getKey(), type) + (isKey ? " NOT NULL" : ""));
        }
        if (!key.isEmpty()) {
            definitions.add("PRIMARY KEY (" + String.join(", ", key.stream().map(dialect::quote).toList()) + ")");
        }
        checkName(change.table().name());
        run(connection, dialect.createTable(change.table(), definitions), "create table " + change.table());
        LOG.infof("created table %s", change.table());
    }

    private Map<String, NewType> columns(Change change) {
        Map<String, NewType> columns = new LinkedHashMap<>();
        change.fields().forEach((name, value) -> columns.put(name, RowMapper.newType(value)));
        change.mapped().forEach((name, value) -> columns.put(name, mapper.mappedType(name, value)));
        if (config.unknownFields() == UnknownFields.COLUMN && config.schema() == SchemaChange.CREATE) {
            columns.put(config.unknownFieldsColumn().orElseThrow(), NewType.JSON);
        }
        return columns;
    }

    /** Adds a column for each value that has none. @return whether there was any */
    boolean evolve(Connection connection, Table table, Change change) throws SQLException, ConnectorException {
        boolean changed = false;
        for (Map.Entry<String, NewType> column : columns(change).entrySet()) {
            if (table.column(column.getKey()) == null && change.fields().get(column.getKey()) != Json.NULL) {
                run(connection, dialect.addColumn(table.name(), definition(column.getKey(), column.getValue())),
                        "add column \"" + column.getKey() + "\" to table " + table.name());
                LOG.infof("added column %s to table %s", column.getKey(), table.name());
                changed = true;
            }
        }
        return changed;
    }

    private String definition(String name, NewType type) throws PermanentException {
        checkName(name);
        return dialect.quote(name) + " " + dialect.type(type);
    }

    private void checkName(String name) throws PermanentException {
        if (name.isBlank() || name.indexOf('\0') >= 0 || dialect.isTooLong(name)) {
            throw new PermanentException("\"" + Values.excerpt(name) + "\" can't be the name of a table or column: it is "
                    + (name.isBlank() ? "empty" : "too long"));
        }
    }

    private static void run(Connection connection, String sql, String doing) throws SQLException, ConnectorException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (isThereAlready(e)) {
                return; // another worker was faster
            }
            if (SqlErrors.kind(e).isRetryable()) {
                throw e;
            }
            throw new FatalException("can't " + doing + ": " + SqlErrors.reason(e)
                    + "; give the user the right to do so, or set connector.schema: none", e);
        }
    }

    private static boolean isThereAlready(SQLException e) {
        String state = Optional.ofNullable(e.getSQLState()).orElse("");
        return List.of("42701", "42P07", "42S01", "42S21", "42101", "42121").contains(state) || e.getErrorCode() == 1060
                || state.equals("23505") || state.equals("42710");
    }
}
