package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.emc.api.Failure;
import dev.emc.api.PermanentException;
import dev.emc.jdbc.JdbcSinkConfig.Mode;
import dev.emc.jdbc.Shape.Row;

/** Writes rows by batched statements. Rows of one key are written in their order; the others of one shape together. */
final class RowWriter implements AutoCloseable {

    private static final int MOST_STATEMENTS = 64;

    private final Connection connection;
    private final Vendor vendor;
    private final Dialect dialect;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(16, 0.75f, true);

    RowWriter(Connection connection, Vendor vendor, Dialect dialect) {
        this.connection = connection;
        this.vendor = vendor;
        this.dialect = dialect;
    }

    /**
     * Writes all rows, without a commit.
     *
     * @return those that were to change a row that isn't there
     * @throws SQLException when one can't be written; how far it came is not known
     */
    List<Failure> write(List<Row> rows) throws SQLException {
        List<Failure> missing = new ArrayList<>();
        Map<Shape, Group> groups = new LinkedHashMap<>();
        Map<Object, Group> owners = new HashMap<>();
        for (Row row : rows) {
            if (!add(row, groups, owners)) {
                execute(groups, missing);
                groups.clear();
                owners.clear();
                add(row, groups, owners);
            }
        }
        execute(groups, missing);
        return missing;
    }

    private record RowKey(Table table, List<Object> key) {}

    /** Rows of one shape that one statement writes. */
    private static final class Group {

        private final List<Row> rows = new ArrayList<>();
        private final Map<Object, Integer> places = new HashMap<>();
    }

    /** Puts a row with others of its shape. @return false when those before it have to be written first */
    private static boolean add(Row row, Map<Shape, Group> groups, Map<Object, Group> owners) {
        Group group = groups.computeIfAbsent(row.shape(), shape -> new Group());
        if (row.key() != null) {
            RowKey key = new RowKey(row.shape().table(), row.key());
            Group owner = owners.putIfAbsent(key, group);
            if (owner != null && owner != group) {
                return false;
            }
            if (owner != null) {
                return again(row, group, key);
            }
            group.places.put(key, group.rows.size());
        }
        group.rows.add(row);
        return true;
    }

    /** A row whose key is in the group already: one statement may not write the same row twice. */
    private static boolean again(Row row, Group group, RowKey key) {
        Mode mode = row.shape().mode();
        if (mode == Mode.INSERT || mode == Mode.UPDATE) {
            return false;
        }
        if (mode == Mode.UPSERT) {
            group.rows.set(group.places.get(key), row); // the same columns: the later values count
        }
        return true;
    }

    private void execute(Map<Shape, Group> groups, List<Failure> missing) throws SQLException {
        for (Map.Entry<Shape, Group> entry : groups.entrySet()) {
            List<Row> rows = entry.getValue().rows;
            if (!rows.isEmpty()) {
                int[] counts = execute(entry.getKey(), rows);
                if (entry.getKey().mode() == Mode.UPDATE) {
                    collectMissing(rows, counts, missing);
                }
            }
        }
    }

    private int[] execute(Shape shape, List<Row> rows) throws SQLException {
        PreparedStatement statement = statement(shape);
        List<Column> parameters = shape.sql().parameters();
        try {
            for (Row row : rows) {
                for (int i = 0; i < parameters.size(); i++) {
                    dialect.bind(statement, i + 1, parameters.get(i), row.values()[i]);
                }
                statement.addBatch();
            }
            return statement.executeBatch();
        } catch (SQLException e) {
            statement.clearBatch();
            throw e;
        } catch (AssertionError e) { // what PostgreSQL's driver throws when it finds the connection closed here
            throw new SQLException("the connection was lost", "08006", e);
        }
    }

    private PreparedStatement statement(Shape shape) throws SQLException {
        PreparedStatement statement = statements.get(shape.sql().text());
        if (statement == null) {
            if (statements.size() == MOST_STATEMENTS) {
                statements.remove(statements.keySet().iterator().next()).close();
            }
            statement = connection.prepareStatement(shape.sql().text());
            statements.put(shape.sql().text(), statement);
        }
        return statement;
    }

    private static void collectMissing(List<Row> rows, int[] counts, List<Failure> missing) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                Row row = rows.get(i);
                missing.add(new Failure(row.event(), new PermanentException("Event '" + row.event().id()
                        + "' changes nothing: table " + row.shape().table().name() + " has no row with its key.")));
            }
        }
    }

    /**
     * Writes those rows that can be written, and leaves the others out, without a commit.
     *
     * @param fatal whether an error that isn't a row's fault is thrown, or makes a row bad
     * @return the others
     */
    List<Failure> writeGood(List<Row> rows, boolean fatal) throws SQLException {
        List<Failure> failures = new ArrayList<>();
        if (vendor == Vendor.POSTGRESQL) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET CONSTRAINTS ALL IMMEDIATE"); // or a bad row shows only in the commit
            }
        }
        if (rows.size() == 1) {
            part(rows, fatal, failures);
        } else if (!rows.isEmpty()) {
            halves(rows, fatal, failures);
        }
        return failures;
    }

    private void halves(List<Row> rows, boolean fatal, List<Failure> failures) throws SQLException {
        part(rows.subList(0, rows.size() / 2), fatal, failures);
        part(rows.subList(rows.size() / 2, rows.size()), fatal, failures);
    }

    private void part(List<Row> rows, boolean fatal, List<Failure> failures) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            failures.addAll(write(rows));
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            SqlErrors.Kind kind = SqlErrors.kind(e);
            if (kind.isRetryable() || kind == SqlErrors.Kind.SETUP && fatal) {
                throw e;
            }
            connection.rollback(before);
            if (rows.size() > 1) {
                halves(rows, fatal, failures);
            } else {
                failures.add(refused(rows.get(0), e));
            }
        }
    }

    /** A row that the database doesn't take. */
    static Failure refused(Row row, SQLException error) {
        return new Failure(row.event(), new PermanentException("Event '" + row.event().id() + "' is refused by table "
                + row.shape().table().name() + ": " + SqlErrors.reason(error), error));
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
        statements.clear();
    }
}
