package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.jdbc.JdbcSinkConfig.Mode;
import dev.emc.jdbc.JdbcSinkConfig.SchemaChange;

/** Looks whether a sink will be able to write, without writing. */
final class JdbcSinkCheck {

    private JdbcSinkCheck() {}

    static List<Check> of(JdbcSinkConfig config) {
        List<Check> checks = new ArrayList<>();
        try (Database database = new Database(config)) {
            String subject = "database " + database.address();
            Connection connection;
            try {
                connection = database.connection();
                checks.add(Check.passed(subject, "answers: " + database.vendor().title() + " "
                        + connection.getMetaData().getDatabaseProductVersion()));
            } catch (ConnectorException | SQLException e) {
                checks.add(Check.failed(subject, e.getCause() instanceof SQLException cause
                        ? SqlErrors.reason(cause)
                        : e.getMessage(),
                        "start it, or correct connector.url, connector.user and connector.password"));
                return checks;
            }
            look(config, database.vendor(), connection, checks);
        }
        return checks;
    }

    private static void look(JdbcSinkConfig config, Vendor vendor, Connection connection, List<Check> checks) {
        RowMapper mapper = new RowMapper(config);
        Optional<TableName> name = mapper.constantTable();
        String subject = "table " + config.table();
        if (name.isEmpty()) {
            checks.add(Check.passed(subject, "each event names its own, so it is looked at when one comes"));
            return;
        }
        try {
            table(config, new RowBuilder(config, mapper, vendor, connection), connection, name.get(), checks);
        } catch (FatalException e) {
            checks.add(Check.failed(subject, e.getMessage(), "create or change the table, or correct the keys named"));
        } catch (SQLException e) {
            checks.add(
                    Check.failed(subject, "can't be looked at: " + SqlErrors.reason(e), "give the user the right to read it"));
        }
    }

    private static void table(JdbcSinkConfig config, RowBuilder builder, Connection connection, TableName name,
            List<Check> checks) throws SQLException, FatalException {
        String subject = "table " + name;
        Optional<Table> found = findTable(config, builder, connection, name);
        if (found.isEmpty()) {
            checks.add(Check.passed(subject, "isn't there yet; the first event creates it"));
            return;
        }
        Table table = found.get();
        checks.add(Check.passed(subject, "is there as " + table.name() + " with " + table.columns().size() + " columns"));
        List<Column> key = builder.keyOf(connection, table);
        if (!key.isEmpty()) {
            checks.add(Check.passed("key of " + name, key.stream().map(Column::name).collect(Collectors.joining(", "))));
        }
        for (Mode mode : modes(config)) {
            checks.add(right(connection, builder.dialect(), table, mode));
        }
    }

    private static List<Mode> modes(JdbcSinkConfig config) {
        List<Mode> modes = new ArrayList<>(switch (config.mode()) {
            case UPSERT -> List.of(Mode.INSERT, Mode.UPDATE);
            case INSERT_NEW -> List.of(Mode.INSERT);
            default -> List.of(config.mode());
        });
        if (config.deletes() && config.mode() != Mode.DELETE) {
            modes.add(Mode.DELETE);
        }
        return modes;
    }

    /** Tries a statement of this kind that can't meet a row. */
    private static Check right(Connection connection, Dialect dialect, Table table, Mode mode) throws SQLException {
        String name = dialect.quote(table.name());
        String column = dialect.quote(table.columns().stream().filter(one -> one.fill() != Column.Fill.GENERATED).findFirst()
                .orElseThrow().name());
        String sql = switch (mode) {
            case DELETE -> "DELETE FROM " + name + " WHERE 1 = 0";
            case UPDATE -> "UPDATE " + name + " SET " + column + " = NULL WHERE 1 = 0";
            default -> "INSERT INTO " + name + " (" + column + ") SELECT NULL FROM (SELECT 1 AS one) nothing WHERE 1 = 0";
        };
        String word = mode.name().toLowerCase(java.util.Locale.ROOT);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return Check.passed("right to " + word, "is given");
        } catch (SQLException e) {
            return Check.failed("right to " + word, SqlErrors.reason(e), "grant it to the user of connector.user");
        } finally {
            connection.rollback();
        }
    }

    /**
     * The table, if it is there and has what the configuration names.
     *
     * @return empty when it isn't there and the first event may create it
     * @throws FatalException when the sink can't work with it
     */
    static Optional<Table> findTable(JdbcSinkConfig config, RowBuilder builder, Connection connection, TableName name)
            throws SQLException, FatalException {
        Optional<Table> found = builder.find(connection, name);
        if (found.isEmpty()) {
            if (config.schema() == SchemaChange.NONE) {
                throw new FatalException("table " + name + " is not in the database; create it, correct connector.table,"
                        + " or set connector.schema: create");
            }
            return found;
        }
        Table table = found.get();
        builder.keyOf(connection, table);
        List<String> named = new ArrayList<>(config.columns().keySet());
        config.unknownFieldsColumn().ifPresent(named::add);
        for (String column : named) {
            if (table.column(column) == null && config.schema() != SchemaChange.EVOLVE) {
                throw new FatalException("table " + table.name() + " has no column \"" + column
                        + "\", which the configuration names");
            }
        }
        return found;
    }
}
