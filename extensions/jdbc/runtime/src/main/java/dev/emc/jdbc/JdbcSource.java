package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

import org.jboss.logging.Logger;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.Guarantees;
import dev.emc.api.Position;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;

/** Reads rows of tables, or of a query, as events. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, ordering = "in each table by its time column and key, or by its key", idempotency = "a row that is read again has the same event `id`, made of table, time and key; a changed row has another one", testedWith = {
        "PostgreSQL 18.6", "MariaDB 10.11", "MySQL 8.0", "H2 2.3"}, limits = {
                "Deleted rows are not seen, nor what a row was between two looks.",
                "A row is missed when its transaction commits later than `connector.late-commits` after it got its time or number;"
                        + " not with PostgreSQL once the transaction has written.",
                "Numbers from a sequence with `CACHE` are used late: read such a table by a time column, or raise"
                        + " `connector.late-commits`.",
                "A table that is emptied and counts from the begin again needs `offsets reset`.",
                "Texts as keys are ordered by the database; after a change of the collation rows can be missed.",
                "Two sources can't share a table: one of a name is active, others wait or are refused."})
public class JdbcSource implements Source {

    private static final Logger LOG = Logger.getLogger("dev.emc.jdbc");

    private static final long LAG_NANOS = Duration.ofSeconds(10).toNanos();
    /** More waiting rows of a table than this are not counted. */
    private static final int MOST_COUNTED = 10_000;
    private static final double JITTER = 0.1;

    private final JdbcSourceConfig config;
    private final Database database;
    private final SplittableRandom random = new SplittableRandom();
    private final List<Turn> turns = new ArrayList<>();
    /** Where tables begin that have no position in the registry yet, and that aren't read from their first row. */
    private final List<Position> beginnings = new ArrayList<>();
    /** Tables that fit a pattern and can't be read. */
    private final Set<String> refused = new HashSet<>();
    private SourceContext context;
    private int turn;
    private long nextDiscovery;
    private boolean discovers;
    private long lag = -1;
    private long nextLag = System.nanoTime();

    public JdbcSource(JdbcSourceConfig config) {
        this.config = config;
        this.database = new Database(config, true);
    }

    /** A table or query, and when to look at it again. */
    private static final class Turn {

        private final RelationReader reader;
        private long dueAt = System.nanoTime();

        private Turn(RelationReader reader) {
            this.reader = reader;
        }
    }

    /** What is done in a transaction. */
    private interface Work<T> {

        T on(Connection connection) throws SQLException, ConnectorException;
    }

    @Override
    public List<ConfigProblem> validate() {
        return JdbcSourceRules.problems(config);
    }

    @Override
    public List<Check> check() {
        return new JdbcSourceCheck(config, database).checks();
    }

    @Override
    public void start(SourceContext startContext) throws ConnectorException, InterruptedException {
        context = startContext;
        turns.clear();
        beginnings.clear();
        inTransaction("read the tables of " + database.address(), connection -> {
            Relations relations = new Relations(database.vendor(), config);
            RowEvents events = new RowEvents(config);
            if (config.query().isPresent()) {
                add(connection, relations.query(connection), events, true);
                return null;
            }
            for (Relations.Found table : relations.tables(connection)) {
                add(connection, relations.table(connection, table), events, true);
            }
            discovers = relations.hasPatterns();
            if (turns.isEmpty()) {
                LOG.warnf("No table fits connector.tables (%s) yet.", String.join(", ", config.tables().orElse(List.of())));
            }
            return null;
        });
        context.begin(beginnings);
        nextDiscovery = System.nanoTime() + config.discoveryInterval().toNanos();
    }

    private void add(Connection connection, Relation relation, RowEvents events, boolean wasThere)
            throws SQLException, FatalException {
        RelationReader reader = new RelationReader(database.vendor(), relation, config, events);
        Optional<Position> position = context.position(relation.partition());
        if (position.isPresent()) {
            resume(reader, position.get().offset());
        } else if (wasThere && config.start() == JdbcSourceConfig.Start.NOW) {
            beginnings.add(new Position(relation.partition(), reader.beginNow(connection)));
        } else if (config.start() == JdbcSourceConfig.Start.VALUE) {
            reader.beginAt(startValue(relation.first()));
        }
        turns.add(new Turn(reader));
    }

    private void resume(RelationReader reader, Map<String, Object> offset) throws FatalException {
        Relation relation = reader.relation();
        Set<String> expected = new HashSet<>(relation.columns().stream().map(KeyColumn::name).toList());
        Set<String> known = new HashSet<>(offset.keySet());
        known.remove(RowEvents.SETTLED);
        try {
            if (offset.get(RowEvents.FROM) instanceof String from) {
                if (!from.isEmpty()) {
                    reader.beginAt(relation.first().parse(from));
                }
                return;
            }
            if (!known.equals(expected)) {
                throw new IllegalArgumentException("is of other columns (" + String.join(", ", known) + ")");
            }
            List<Object> values = new ArrayList<>();
            for (KeyColumn column : relation.columns()) {
                values.add(column.parse(offset.get(column.name())));
            }
            Object settled = offset.get(RowEvents.SETTLED);
            reader.resume(values, settled == null ? null : relation.first().parse(settled));
        } catch (IllegalArgumentException foreign) {
            throw new FatalException("the position of " + relation.title() + " in the registry " + foreign.getMessage()
                    + ", so that it is not known where to go on; put back the columns, or forget it with \"offsets reset\"");
        }
    }

    private Object startValue(KeyColumn column) throws FatalException {
        String value = config.startValue().orElseThrow();
        try {
            return column.parse(value);
        } catch (IllegalArgumentException wrong) {
            throw new FatalException("connector.start-value: \"" + value + "\" " + wrong.getMessage()
                    + ", as column \"" + column.name() + "\" has it");
        }
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws ConnectorException, InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            long now = System.nanoTime();
            if (discovers && now - nextDiscovery >= 0) {
                nextDiscovery = now + config.discoveryInterval().toNanos();
                discover();
            }
            Turn next = due(now);
            if (next != null) {
                List<SourceRecord> records = read(next, max);
                if (!records.isEmpty()) {
                    return records;
                }
            }
            now = System.nanoTime();
            if (now - end >= 0) {
                return List.of();
            }
            if (next == null) {
                Duration pause = Duration.ofNanos(Math.min(end - now, untilDue(now)));
                Thread.sleep(pause.toMillis(), pause.toNanosPart() % 1_000_000);
            }
        }
    }

    /** The next one whose turn it is; null when none has to be looked at now. */
    private Turn due(long now) {
        for (int i = 0; i < turns.size(); i++) {
            turn = (turn + 1) % turns.size();
            if (now - turns.get(turn).dueAt >= 0) {
                return turns.get(turn);
            }
        }
        return null;
    }

    /** Nanoseconds; 0 when one has become due meanwhile. */
    private long untilDue(long now) {
        return Math.max(0, turns.stream().mapToLong(other -> other.dueAt - now).min().orElse(Long.MAX_VALUE));
    }

    private List<SourceRecord> read(Turn next, int max) throws ConnectorException {
        RelationReader reader = next.reader;
        List<SourceRecord> records;
        try {
            records = inTransaction("read " + reader.relation().title(), connection -> reader.read(connection, max));
        } catch (FatalException e) {
            if (!isGone(reader.relation())) {
                throw e;
            }
            LOG.warnf("%s is not there any more.", reader.relation().title());
            turns.remove(next);
            context.forget(reader.relation().partition());
            return List.of();
        }
        if (reader.isDrained()) {
            next.dueAt = System.nanoTime() + (long) (reader.pause() * (1 + JITTER * (2 * random.nextDouble() - 1)));
        }
        return records;
    }

    /** Whether a table that only a pattern means has been dropped. */
    private boolean isGone(Relation relation) throws ConnectorException {
        return discovers && inTransaction("look for tables", connection -> new Relations(database.vendor(), config)
                .tables(connection).stream().noneMatch(table -> table.fullName().equals(relation.name())));
    }

    /** Takes in new tables. One that can't be read doesn't stop the others. */
    private void discover() throws ConnectorException {
        inTransaction("look for new tables", connection -> {
            Relations relations = new Relations(database.vendor(), config);
            Set<String> known = new HashSet<>(refused);
            turns.forEach(other -> known.add(other.reader.relation().name()));
            for (Relations.Found table : relations.tables(connection)) {
                if (known.contains(table.fullName())) {
                    continue;
                }
                try {
                    add(connection, relations.table(connection, table), new RowEvents(config), false);
                    LOG.infof("Table %s is new.", table.fullName());
                } catch (FatalException e) {
                    refused.add(table.fullName());
                    LOG.warnf("A new table is not read: %s.", e.getMessage());
                }
            }
            return null;
        });
    }

    /** Runs something in a transaction, which leaves nothing behind; after an error the next one has a new connection. */
    private <T> T inTransaction(String doing, Work<T> work) throws ConnectorException {
        Connection connection = database.connection();
        T result;
        boolean worked = false;
        try {
            result = work.on(connection);
            worked = true;
        } catch (SQLException e) {
            throw SqlErrors.on(e, doing);
        } finally {
            if (!worked) {
                database.discard();
            }
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            database.discard(); // what was read is read all the same
        }
        return result;
    }

    @Override
    public boolean commits() {
        return false;
    }

    /** Rows that wait, the first {@value #MOST_COUNTED} of each table. */
    @Override
    public long lag() {
        long now = System.nanoTime();
        if (now - nextLag < 0 || !database.isOpen()) {
            return lag;
        }
        try {
            lag = inTransaction("count waiting rows", connection -> {
                long sum = 0;
                for (Turn other : turns) {
                    sum += other.reader.waiting(connection, MOST_COUNTED);
                }
                return sum;
            });
        } catch (ConnectorException e) {
            LOG.debugf("The waiting rows can't be counted: %s", e.getMessage());
            lag = -1;
        }
        nextLag = System.nanoTime() + LAG_NANOS;
        return lag;
    }

    @Override
    public void close() {
        database.close();
    }
}
