package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A real database server on the loopback interface, with a database {@value #NAME} and an administrator who may do everything. */
public abstract class DatabaseServer implements AutoCloseable {

    public static final String NAME = "shop";
    public static final String USER = "emc";
    public static final String PASSWORD = "sEcReT-of-the-database";

    private Connection administrator;

    /** The URL for a connector. */
    public abstract String url();

    public abstract int port();

    /** The vendor. */
    public abstract Vendor vendor();

    /** Ends it like a crash; connections break. Everything that was committed stays. */
    public abstract void kill() throws Exception;

    /** Starts it again on the same port with the same data, after {@link #kill}. */
    public abstract void restart() throws Exception;

    /** Stops answering while connections stay; not all can. */
    public abstract void pause() throws Exception;

    /** Goes on after {@link #pause}. */
    public abstract void resume() throws Exception;

    /** A connection of its own, as the administrator, with auto-commit. */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", PASSWORD);
        return vendor().driver().connect(JdbcUrl.forDriver(url()), properties);
    }

    private Connection administrator() throws SQLException {
        if (administrator == null || administrator.isClosed() || !administrator.isValid(5)) {
            administrator = connect();
        }
        return administrator;
    }

    /** Runs statements as the administrator. */
    public synchronized void execute(String... statements) throws SQLException {
        try (Statement statement = administrator().createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The rows of a query, columns as text joined by {@code |}. */
    public synchronized List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = administrator().createStatement(); ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    row.append(i == 1 ? "" : "|").append(result.getString(i));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    /** The one value of a query. */
    public long number(String sql) throws SQLException {
        return Long.parseLong(query(sql).get(0));
    }

    final void awaitAnswer(ServerProcess process) throws Exception {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (true) {
            try (Connection connection = connect(); Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
                return;
            } catch (SQLException notYet) {
                if (!process.alive() || System.nanoTime() > deadline) {
                    throw new AssertionError("the database did not start: " + process.log(), notYet);
                }
                Thread.sleep(30);
            }
        }
    }

    final void forgetConnection() {
        Connection old = administrator;
        administrator = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException broken) {
                return; // its server is gone
            }
        }
    }
}
