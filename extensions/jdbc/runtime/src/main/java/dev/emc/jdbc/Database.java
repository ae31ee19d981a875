package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;

/**
 * The one connection of a connector to its database: opened when it is first asked for, and again after {@link #discard}.
 * One thread needs no pool.
 */
public final class Database implements AutoCloseable {

    private static final AtomicLong COUNT = new AtomicLong();

    private final JdbcConnectionConfig config;
    private final boolean readOnly;
    private final String address;
    private final String tls = "connection-" + COUNT.incrementAndGet();
    private Connection connection;
    private Vendor vendor;

    public Database(JdbcConnectionConfig config) {
        this(config, false);
    }

    /** @param readOnly whether nothing is ever written: transactions are told so, and values come out exactly */
    Database(JdbcConnectionConfig config, boolean readOnly) {
        this.config = config;
        this.readOnly = readOnly;
        this.address = JdbcUrl.address(config.url());
    }

    /** Where it is, for messages: the URL without its parameters, which may hold a password. */
    public String address() {
        return address;
    }

    /** Whose it is; MariaDB and MySQL are told apart by what answers. Known once a connection was opened. */
    public Vendor vendor() {
        return vendor;
    }

    /**
     * The connection, without auto-commit.
     *
     * @throws RetryableException when it can't be opened now
     * @throws FatalException when it never can with this configuration
     */
    public Connection connection() throws ConnectorException {
        if (connection == null) {
            connection = open();
        }
        return connection;
    }

    /** Whether a connection is open, as far as is known without asking the database. */
    public boolean isOpen() {
        return connection != null;
    }

    private Connection open() throws ConnectorException {
        Vendor wanted = Vendor.of(config.url()).orElseThrow(() -> new FatalException("connector.url is no address of a database"
                + " that this connector knows; it begins with " + Vendor.URLS));
        Connection fresh = null;
        try {
            fresh = wanted.driver().connect(JdbcUrl.forDriver(config.url()),
                    ConnectionProperties.of(config, wanted, tls, readOnly));
            vendor = actual(wanted, fresh);
            SessionSettings.apply(fresh, vendor, config.statementTimeout());
            initialStatements(fresh);
            if (readOnly) {
                SessionSettings.readOnly(fresh, vendor);
            }
            fresh.setAutoCommit(false);
            return fresh;
        } catch (SQLException e) {
            closeQuietly(fresh);
            throw SqlErrors.onConnecting(e, address);
        } catch (ConnectorException e) {
            closeQuietly(fresh);
            throw e;
        }
    }

    private static Vendor actual(Vendor wanted, Connection fresh) throws SQLException {
        if (wanted != Vendor.MARIADB && wanted != Vendor.MYSQL) {
            return wanted;
        }
        return fresh.getMetaData().getDatabaseProductName().startsWith("MySQL") ? Vendor.MYSQL : Vendor.MARIADB;
    }

    private void initialStatements(Connection fresh) throws SQLException, FatalException {
        Optional<String> statements = config.initialStatements().filter(text -> !text.isBlank());
        if (statements.isEmpty()) {
            return;
        }
        try (Statement statement = fresh.createStatement()) {
            for (String sql : SqlScript.statements(statements.get())) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            if (SqlErrors.kind(e).isRetryable()) {
                throw e;
            }
            throw new FatalException("a statement of connector.initial-statements fails: " + SqlErrors.reason(e), e);
        }
    }

    /** Forgets the connection, whose state is not known; the next {@link #connection} opens another. */
    public void discard() {
        Connection old = connection;
        connection = null;
        closeQuietly(old);
    }

    private static void closeQuietly(Connection old) {
        if (old == null) {
            return;
        }
        try {
            old.close();
        } catch (SQLException e) {
            return; // it was broken, or is gone now: both is what was wanted
        }
    }

    @Override
    public void close() {
        discard();
        TlsContexts.forget(tls);
    }
}
