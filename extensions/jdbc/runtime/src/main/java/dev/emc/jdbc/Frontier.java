package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jboss.logging.Logger;

import dev.emc.jdbc.Horizon.Transactions;

/** Asks the database up to where the rows of a table or query are complete, and what its newest ones are. */
final class Frontier {

    private static final Logger LOG = Logger.getLogger("dev.emc.jdbc");

    private static final Duration LONG_WAIT = Duration.ofMinutes(1);
    /** Clocks differ. */
    private static final Duration TOLERANCE = Duration.ofMinutes(1);
    private static final String TRANSACTIONS = ", txid_snapshot_xmin(txid_current_snapshot())"
            + ", txid_snapshot_xmax(txid_current_snapshot())";

    private final Vendor vendor;
    private final Relation relation;
    private final JdbcSourceConfig config;
    private final Horizon horizon;
    private long nextWarning = System.nanoTime();

    Frontier(Vendor vendor, Relation relation, JdbcSourceConfig config) {
        this.vendor = vendor;
        this.relation = relation;
        this.config = config;
        this.horizon = new Horizon(relation.hasTimestamp() ? 0 : config.lateCommits().toNanos());
    }

    /** Goes on with a key that was found before a restart. */
    void restore(Object key) {
        horizon.restore(List.of(key));
    }

    /** The values of the first columns up to which rows are complete; none when that isn't known yet. */
    List<Object> settled() {
        return horizon.settled();
    }

    /** Whether there is more that isn't known to be complete yet. */
    boolean isWaiting() {
        return horizon.waiting(System.nanoTime()) > 0;
    }

    /** The database's time of day, as the time column has it. */
    Object now(Connection connection) throws SQLException {
        return local(databaseTime(connection).time);
    }

    /** The values of the last row; none when there is none. */
    List<Object> last(Connection connection) throws SQLException {
        return lastSeen(connection).bound;
    }

    private record Seen(List<Object> bound, Transactions transactions) {}

    /** Finds out how far rows are complete now. */
    void look(Connection connection) throws SQLException {
        long begin = System.nanoTime();
        Seen seen = relation.hasTimestamp() ? beforeLateCommits(connection) : lastSeen(connection);
        long end = System.nanoTime();
        horizon.seen(begin, end, seen.bound, seen.transactions);
        long waiting = horizon.waiting(end);
        if (waiting > config.lateCommits().plus(LONG_WAIT).toNanos() && end - nextWarning >= 0) {
            nextWarning = end + LONG_WAIT.toNanos();
            LOG.warnf("Rows of %s wait for a transaction of the database that has been open for %d s.", relation.title(),
                    Duration.ofNanos(waiting).toSeconds());
        }
    }

    private Seen lastSeen(Connection connection) throws SQLException {
        boolean shows = vendor == Vendor.POSTGRESQL;
        int count = relation.columns().size();
        try (PreparedStatement statement = connection.prepareStatement(
                new KeysetSql(vendor, relation).last(shows ? TRANSACTIONS : "")); ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return new Seen(List.of(), Transactions.UNKNOWN);
            }
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                values.add(relation.columns().get(i).read(row, i + 1));
            }
            return new Seen(values, shows
                    ? new Transactions(row.getLong(count + 1), row.getLong(count + 2))
                    : Transactions.UNKNOWN);
        }
    }

    private Seen beforeLateCommits(Connection connection) throws SQLException {
        Clock clock = databaseTime(connection);
        Instant safe = clock.time.minus(config.lateCommits()).minus(relation.first().resolution());
        return new Seen(List.of(local(safe)), clock.transactions);
    }

    private record Clock(Instant time, Transactions transactions) {}

    /** The time of day of the database at the begin of the transaction. */
    private Clock databaseTime(Connection connection) throws SQLException {
        String sql = switch (vendor) {
            case POSTGRESQL -> "SELECT now()" + TRANSACTIONS;
            case MARIADB, MYSQL -> "SELECT UTC_TIMESTAMP(6)";
            case H2 -> "SELECT CURRENT_TIMESTAMP";
        };
        try (PreparedStatement statement = connection.prepareStatement(sql); ResultSet row = statement.executeQuery()) {
            row.next();
            OffsetDateTime time = (OffsetDateTime) KeyType.INSTANT.read(vendor, row, 1);
            return new Clock(time.toInstant(), vendor == Vendor.POSTGRESQL
                    ? new Transactions(row.getLong(2), row.getLong(3))
                    : Transactions.UNKNOWN);
        }
    }

    /** A moment as the time column has it. */
    private Object local(Instant moment) {
        return relation.first().type() == KeyType.INSTANT
                ? moment.atOffset(ZoneOffset.UTC)
                : LocalDateTime.ofInstant(moment, JdbcSinkRules.zone(config.timezone().orElseThrow()));
    }

    /** How far the newest time lies in the future; empty when it doesn't. */
    Optional<Duration> ahead(Connection connection) throws SQLException {
        List<Object> newest = relation.hasTimestamp() ? last(connection) : List.of();
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        Instant time = newest.get(0) instanceof OffsetDateTime moment
                ? moment.toInstant()
                : ((LocalDateTime) newest.get(0)).atZone(JdbcSinkRules.zone(config.timezone().orElseThrow())).toInstant();
        Duration ahead = Duration.between(databaseTime(connection).time, time);
        return Optional.of(ahead.truncatedTo(ChronoUnit.SECONDS)).filter(much -> much.compareTo(TOLERANCE) > 0);
    }
}
