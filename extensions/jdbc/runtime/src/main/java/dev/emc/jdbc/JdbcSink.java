package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.Guarantees;
import dev.emc.api.PermanentException;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;
import dev.emc.jdbc.Shape.Row;
import dev.emc.jdbc.SqlErrors.Kind;

/** Writes events as rows: a batch in one transaction, without those events that the database doesn't take. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, ordering = "as received for events with the same key; a batch becomes"
        + " visible as a whole", idempotency = "a row is there once: it has the same key; with `connector.mode: insert` an event"
                + " that comes again after a crash is a dead letter where the table has a key, and a second row where it has none", testedWith = {
                        "PostgreSQL 18.6", "MariaDB 10.11", "MySQL 8.0", "H2 2.3"}, limits = {
                                "A commit whose answer is lost is repeated, which does no harm but with `connector.mode: insert`.",
                                "MariaDB and MySQL tables need a transactional engine such as InnoDB."})
public class JdbcSink implements Sink {

    private final JdbcSinkConfig config;
    private final Database database;
    private RowMapper mapper;
    private RowBuilder builder;
    private RowWriter writer;

    public JdbcSink(JdbcSinkConfig config) {
        this.config = config;
        this.database = new Database(config);
    }

    @Override
    public List<ConfigProblem> validate() {
        return JdbcSinkRules.check(config);
    }

    @Override
    public List<Check> check() {
        return JdbcSinkCheck.of(config);
    }

    @Override
    public void start(SinkContext context) throws Exception {
        mapper = new RowMapper(config);
        try {
            connect();
            Optional<TableName> table = mapper.constantTable();
            if (table.isPresent()) {
                JdbcSinkCheck.findTable(config, builder, database.connection(), table.get());
            }
            database.connection().rollback();
        } catch (SQLException e) {
            throw SqlErrors.on(e, "look at the tables of " + database.address());
        }
    }

    private void connect() throws SQLException, ConnectorException {
        if (!database.isOpen()) {
            Connection connection = database.connection();
            builder = new RowBuilder(config, mapper, database.vendor(), connection);
            writer = new RowWriter(connection, database.vendor(), builder.dialect());
        }
    }

    /** True: rows of one key are written in their order, all in one transaction, and what is named is bad for good. */
    @Override
    public boolean ordered() {
        return true;
    }

    @Override
    public List<Failure> put(List<ConnectorRecord> batch) throws Exception {
        boolean done = false;
        try {
            connect();
            List<Failure> failures = write(batch);
            done = true;
            return failures;
        } catch (SQLException e) {
            throw SqlErrors.on(e, "write to " + database.address());
        } finally {
            if (!done) {
                database.discard(); // with all that isn't committed
            }
        }
    }

    private List<Failure> write(List<ConnectorRecord> batch) throws SQLException, ConnectorException {
        List<Failure> failures = new ArrayList<>();
        List<Row> rows = rows(batch, failures);
        try {
            List<Failure> missing = writer.write(rows);
            database.connection().commit();
            failures.addAll(missing);
            return failures;
        } catch (SQLException e) {
            if (SqlErrors.kind(e).isRetryable()) {
                throw e;
            }
            database.connection().rollback();
            return putGood(batch, SqlErrors.kind(e));
        }
    }

    private List<Row> rows(List<ConnectorRecord> batch, List<Failure> failures) throws SQLException, ConnectorException {
        List<Row> rows = new ArrayList<>(batch.size());
        for (ConnectorRecord event : batch) {
            try {
                rows.add(builder.row(database.connection(), mapper.map(event)));
            } catch (PermanentException e) {
                failures.add(new Failure(event, e));
            } catch (FatalException e) {
                if (mapper.constantTable().isPresent()) {
                    throw e;
                }
                failures.add(new Failure(event, new PermanentException(e.getMessage(), e))); // another event has another table
            }
        }
        return rows;
    }

    /** Some row is bad, or a table is not what it was. */
    private List<Failure> putGood(List<ConnectorRecord> batch, Kind kind) throws SQLException, ConnectorException {
        List<Failure> failures = new ArrayList<>();
        if (kind == Kind.SETUP) {
            builder.forget();
            writer.close();
        }
        List<Row> rows = rows(batch, failures);
        int unfit = failures.size();
        try {
            failures.addAll(writer.writeGood(rows, mapper.constantTable().isPresent()));
            database.connection().commit();
        } catch (SQLException e) {
            if (SqlErrors.kind(e) != Kind.ROW) {
                throw e;
            }
            database.connection().rollback();
            failures.subList(unfit, failures.size()).clear();
            putOneByOne(rows, failures);
        }
        return failures;
    }

    /** What only a commit refuses, such as a constraint trigger: each row gets its own. */
    private void putOneByOne(List<Row> rows, List<Failure> failures) throws SQLException, ConnectorException {
        for (Row row : rows) {
            try {
                failures.addAll(writer.write(List.of(row)));
                database.connection().commit();
            } catch (SQLException e) {
                if (SqlErrors.kind(e) != Kind.ROW) {
                    throw e;
                }
                database.connection().rollback();
                failures.add(RowWriter.refused(row, e));
            }
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
