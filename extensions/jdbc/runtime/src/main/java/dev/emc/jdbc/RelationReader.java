package dev.emc.jdbc;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.SourceRecord;

/**
 * Reads one table or query page by page in the order of its key columns, and never beyond rows that may still come before
 * others: those of transactions that took their time or number, and have not committed yet.
 */
final class RelationReader {

    /** A poll ends with the row that goes beyond this many bytes. */
    private static final long POLL_BYTES = 4L << 20;
    private static final int FETCH_ROWS = 100;
    private static final int LEAST_ROWS = 16;
    /** Parts of the time for late commits in which held rows are looked at again. */
    private static final int LOOKS = 8;

    private final Vendor vendor;
    private final Relation relation;
    private final JdbcSourceConfig config;
    private final RowEvents events;
    private final Frontier frontier;
    private final long lateNanos;

    /** The values of the last row that was given out; none before the first one. */
    private List<Object> position = List.of();
    /** Where to begin when there is no position, inclusive. */
    private List<Object> first = List.of();
    /** Grows as long as rows are short, so that no more than a few long ones are in memory. */
    private int limit = LEAST_ROWS;
    /** Whether the last page was not full. */
    private boolean drained = true;
    /** Whether rows are there that may not be given out yet. */
    private boolean held;
    /** Whether it is known that nothing waits. */
    private boolean idle;

    RelationReader(Vendor vendor, Relation relation, JdbcSourceConfig config, RowEvents events) {
        this.vendor = vendor;
        this.relation = relation;
        this.config = config;
        this.events = events;
        this.lateNanos = config.lateCommits().toNanos();
        this.frontier = new Frontier(vendor, relation, config);
    }

    Relation relation() {
        return relation;
    }

    /** Goes on after the row of these values. @param settled up to which key rows are complete; null when not known */
    void resume(List<Object> values, Object settled) {
        position = values;
        if (settled != null) {
            frontier.restore(settled);
        }
    }

    /** Begins with rows that have this value in the first column, or a higher one. */
    void beginAt(Object value) {
        first = List.of(value);
        if (relation.isNumbered()) {
            position = List.of(((BigInteger) value).subtract(BigInteger.ONE));
        }
    }

    /** Leaves out the rows that are there. @return the offset that says so */
    Map<String, Object> beginNow(Connection connection) throws SQLException {
        if (relation.hasTimestamp()) {
            Object now = frontier.now(connection);
            first = List.of(now);
            return Map.of(RowEvents.FROM, relation.first().type().toOffset(now));
        }
        position = frontier.last(connection);
        return position.isEmpty() ? Map.of(RowEvents.FROM, "") : RowEvents.offset(relation, position);
    }

    /** Whether the last page was not full, so that more is worth a look only later. */
    boolean isDrained() {
        return drained;
    }

    /** After how many nanoseconds to look again, when drained. */
    long pause() {
        long interval = config.interval().toNanos();
        return held ? Math.min(interval, Math.max(lateNanos / LOOKS, 1_000_000)) : interval;
    }

    /**
     * The next rows.
     *
     * @return empty when there are none now that may be given out
     * @throws FatalException when the query has columns of equal names, or a key can't be read
     */
    List<SourceRecord> read(Connection connection, int max) throws SQLException, FatalException {
        boolean bounded = relation.hasTimestamp() || lateNanos > 0 && !relation.isNumbered();
        if (bounded && drained) {
            frontier.look(connection);
        }
        List<Object> upTo = bounded ? frontier.settled() : List.of();
        if (bounded && upTo.isEmpty()) {
            held = true;
            return List.of();
        }
        Page page = pageOrProblems(connection, upTo, Math.min(max, limit));
        held = page.gap || bounded && frontier.isWaiting();
        if (page.gap) {
            frontier.look(connection);
        }
        drained = !page.full;
        idle = drained && !held && !relation.hasTimestamp();
        if (page.large) {
            limit = page.records.size();
        } else if (page.full) {
            limit = Math.min(config.chunkSize(), limit * 2);
        } else if (page.gap) {
            limit = Math.min(limit, page.records.size() + LEAST_ROWS);
        }
        position = page.last;
        return page.records;
    }

    /** What a query has brought. */
    private static final class Page {

        private final List<SourceRecord> records = new ArrayList<>();
        private List<Object> last;
        private long bytes;
        private boolean full;
        private boolean large;
        private boolean gap;

        private Page(List<Object> begin) {
            last = begin;
        }

        private void add(SourceRecord record, List<Object> values) {
            records.add(record);
            last = values;
            bytes += record.size();
        }
    }

    /** Where the database itself fails to make a row, the rows are read one by one, so that the others come. */
    private Page pageOrProblems(Connection connection, List<Object> upTo, int rows) throws SQLException, FatalException {
        Page page = new Page(position);
        try {
            query(connection, afterPosition().upTo(upTo), rows, page);
            return page;
        } catch (SQLException e) {
            if (SqlErrors.kind(e) != SqlErrors.Kind.ROW) {
                throw e;
            }
        }
        connection.rollback();
        Page single = new Page(position);
        List<List<Object>> keys = keys(connection, upTo, Math.min(rows, LEAST_ROWS));
        for (int i = 0; i < keys.size() && !single.gap; i++) {
            one(connection, keys.get(i), single);
        }
        single.full = single.records.size() >= Math.min(rows, LEAST_ROWS);
        return single;
    }

    private void one(Connection connection, List<Object> key, Page page) throws SQLException, FatalException {
        KeysetSql sql = new KeysetSql(vendor, relation).after(page.last.isEmpty() ? key : page.last, page.last.isEmpty())
                .upTo(key);
        try {
            query(connection, sql, 1, page);
        } catch (SQLException e) {
            if (SqlErrors.kind(e) != SqlErrors.Kind.ROW) {
                throw e;
            }
            connection.rollback();
            if (waitsFor(key, page)) {
                return;
            }
            page.add(events.event(relation, key, settledBeyond(key), new RowJson.Row(null, new PermanentException(
                    "The " + title(key) + " can't be read: " + SqlErrors.reason(e), e))), key);
        }
    }

    private List<List<Object>> keys(Connection connection, List<Object> upTo, int rows) throws SQLException, FatalException {
        KeysetSql sql = afterPosition().upTo(upTo);
        List<List<Object>> keys = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.keys(rows))) {
            sql.bind(statement);
            try (ResultSet result = statement.executeQuery()) {
                int[] indexes = Relations.indexes(relation, result.getMetaData());
                while (result.next()) {
                    keys.add(values(result, indexes));
                }
            }
        }
        return keys;
    }

    private void query(Connection connection, KeysetSql sql, int rows, Page page) throws SQLException, FatalException {
        try (PreparedStatement statement = connection.prepareStatement(sql.rows(rows))) {
            statement.setFetchSize(Math.min(rows, FETCH_ROWS));
            sql.bind(statement);
            try (ResultSet result = statement.executeQuery()) {
                take(result, rows, page);
            }
        }
    }

    private String title(List<Object> key) {
        return "row of " + relation.title() + " with the key " + key;
    }

    private KeysetSql afterPosition() {
        KeysetSql sql = new KeysetSql(vendor, relation);
        return position.isEmpty() ? sql.after(first, true) : sql.after(position, false);
    }

    private void take(ResultSet result, int rows, Page page) throws SQLException, FatalException {
        ResultSetMetaData columns = result.getMetaData();
        RowJson json = new RowJson(vendor, columns);
        int[] indexes = Relations.indexes(relation, columns);
        int taken = 0;
        while (taken < rows && page.bytes < POLL_BYTES && result.next()) {
            List<Object> values = values(result, indexes);
            if (waitsFor(values, page)) {
                return;
            }
            page.add(events.event(relation, values, settledBeyond(values), json.read(result, title(values))), values);
            taken++;
        }
        page.large = page.bytes >= POLL_BYTES;
        page.full = page.large || taken == rows;
    }

    /** Whether a row has to wait for others that may still come before it. */
    private boolean waitsFor(List<Object> values, Page page) {
        page.gap = relation.isNumbered() && lateNanos > 0 && !isComplete(page.last, (BigInteger) values.get(0));
        return page.gap;
    }

    private List<Object> values(ResultSet row, int[] indexes) throws SQLException, FatalException {
        List<Object> values = new ArrayList<>(indexes.length);
        for (int i = 0; i < indexes.length; i++) {
            KeyColumn column = relation.columns().get(i);
            try {
                values.add(column.read(row, indexes[i]));
            } catch (ArithmeticException | java.sql.SQLDataException e) {
                throw new FatalException("a value of column \"" + column.name() + "\" of " + relation.title()
                        + " can't be read, so that it is not known where its row stands: " + e.getMessage(), e);
            }
        }
        return values;
    }

    /** Whether no row can come any more between the last one and this. */
    private boolean isComplete(List<Object> last, BigInteger key) {
        BigInteger before = last.isEmpty() ? BigInteger.ZERO : (BigInteger) last.get(0);
        return key.subtract(BigInteger.ONE).equals(before)
                || !frontier.settled().isEmpty() && key.compareTo((BigInteger) frontier.settled().get(0)) <= 0;
    }

    /** For the registry: a source that starts again needs no wait for gaps that were looked at long enough. */
    private Object settledBeyond(List<Object> values) {
        if (!relation.isNumbered() || frontier.settled().isEmpty()) {
            return null;
        }
        Object settled = frontier.settled().get(0);
        return ((BigInteger) settled).compareTo((BigInteger) values.get(0)) > 0 ? settled : null;
    }

    /** How many rows wait, up to this many. */
    long waiting(Connection connection, int most) throws SQLException {
        if (idle) {
            return 0;
        }
        KeysetSql sql = afterPosition();
        try (PreparedStatement statement = connection.prepareStatement(sql.count(most))) {
            sql.bind(statement);
            try (ResultSet count = statement.executeQuery()) {
                count.next();
                return count.getLong(1);
            }
        }
    }
}
