package dev.emc.jdbc;

import java.util.List;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.Guarantees;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;

/** Writes events as rows. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, ordering = "as received, in each table", idempotency = "by key", testedWith = {
        "PostgreSQL 15", "MariaDB 10.11", "MySQL 8", "H2 2.3"})
public class JdbcSink implements Sink {

    private final Database database;

    public JdbcSink(JdbcSinkConfig config) {
        this.database = new Database(config);
    }

    @Override
    public void start(SinkContext context) throws Exception {
        database.connection();
    }

    @Override
    public List<Failure> put(List<ConnectorRecord> batch) throws Exception {
        return List.of();
    }

    @Override
    public void close() {
        database.close();
    }
}
