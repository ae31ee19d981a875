package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.emc.api.RetryableException;
import dev.emc.testkit.CuttableProxy;

/** Locks, lost connections and time limits: what may work later is tried again, and nothing is half there. */
class FailureTest {

    private final String table = Servers.newTable();

    private void orders(Vendor vendor) throws Exception {
        Servers.of(vendor).execute("CREATE TABLE " + table + " (id INT PRIMARY KEY, item VARCHAR(20))",
                "INSERT INTO " + table + " VALUES (1, 'a')", "INSERT INTO " + table + " VALUES (2, 'b')");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatSomebodyHoldsIsTriedAgainAfterTheTimeLimit(Vendor vendor) throws Exception {
        orders(vendor);
        try (SinkRun sink = new SinkRun(Configs.sink(Servers.of(vendor), "table", table, "statement-timeout", "1s"));
                Connection other = Servers.of(vendor).connect()) {
            other.setAutoCommit(false);
            run(other, "UPDATE " + table + " SET item = 'held' WHERE id = 1");
            assertThrows(RetryableException.class, () -> sink.put("{\"id\":3,\"item\":\"new\"}", "{\"id\":1,\"item\":\"c\"}"));
            other.rollback();
            assertEquals(2, Servers.of(vendor).number("SELECT count(*) FROM " + table), "nothing is half written");
            assertEquals(List.of(), sink.put("{\"id\":3,\"item\":\"new\"}", "{\"id\":1,\"item\":\"c\"}"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB", "MYSQL"})
    void aDeadlockIsTriedAgain(Vendor vendor) throws Exception {
        orders(vendor);
        try (SinkRun sink = new SinkRun(Configs.sink(Servers.of(vendor), "table", table, "statement-timeout", "20s"));
                Connection other = Servers.of(vendor).connect()) {
            other.setAutoCommit(false);
            boolean victim = false;
            for (int round = 0; round < 20 && !victim; round++) {
                run(other, "UPDATE " + table + " SET item = 'held' WHERE id = 2");
                CompletableFuture<Boolean> put = CompletableFuture.supplyAsync(() -> {
                    try {
                        return !sink.put("{\"id\":1,\"item\":\"c\"}", "{\"id\":2,\"item\":\"d\"}").isEmpty();
                    } catch (RetryableException deadlock) {
                        return true;
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
                Thread.sleep(100); // so that the sink has the first row and waits for the second
                try {
                    run(other, "UPDATE " + table + " SET item = 'wanted' WHERE id = 1");
                    other.commit();
                } catch (SQLException chosen) {
                    other.rollback();
                }
                victim = put.get(60, TimeUnit.SECONDS);
            }
            assertTrue(victim, "the database never chose the sink as its victim");
            assertEquals(List.of(), sink.put("{\"id\":1,\"item\":\"c\"}", "{\"id\":2,\"item\":\"d\"}"));
        }
        assertEquals(List.of("1|c", "2|d"), Servers.of(vendor).query("SELECT id, item FROM " + table + " ORDER BY id"));
    }

    @Test
    void aDatabaseThatFallsSilentEndsThePutInTime() throws Exception {
        orders(Vendor.POSTGRESQL);
        DatabaseServer server = Servers.of(Vendor.POSTGRESQL);
        try (CuttableProxy proxy = CuttableProxy.to("127.0.0.1", server.port());
                SinkRun sink = new SinkRun(Configs.sink(server, "url",
                        "jdbc:postgresql://" + proxy.address() + "/" + DatabaseServer.NAME, "table", table, "statement-timeout",
                        "1s"))) {
            assertEquals(List.of(), sink.put("{\"id\":3}"));
            proxy.blackHole();
            long begin = System.nanoTime();
            assertThrows(RetryableException.class, () -> sink.put("{\"id\":4}"));
            assertTrue(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) < 15);
            proxy.mend();
            assertEquals(List.of(), sink.put("{\"id\":4}"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSessionThatIsEndedIsReplaced(Vendor vendor) throws Exception {
        orders(vendor);
        try (CuttableProxy proxy = CuttableProxy.to("127.0.0.1", Servers.of(vendor).port());
                SinkRun sink = new SinkRun(Configs.sink(Servers.of(vendor), "url",
                        Servers.of(vendor).url().replace(":" + Servers.of(vendor).port() + "/", ":" + proxy.port() + "/"),
                        "table", table))) {
            assertEquals(List.of(), sink.put("{\"id\":3}"));
            proxy.reset();
            assertThrows(RetryableException.class, () -> sink.put("{\"id\":4}"));
            assertEquals(List.of(), sink.put("{\"id\":4}"));
        }
        assertEquals(4, Servers.of(vendor).number("SELECT count(*) FROM " + table));
    }

    /** The server would close the connection, and the row come again for ever. */
    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "MYSQL"})
    void aRowThatIsTooLongForThePacketFailsAlone(Vendor vendor) throws Exception {
        DatabaseServer server = Servers.of(vendor);
        server.execute("CREATE TABLE " + table + " (id INT PRIMARY KEY, item LONGTEXT)");
        long before = server.number("SELECT @@max_allowed_packet");
        server.execute("SET GLOBAL max_allowed_packet = 1048576");
        try (SinkRun sink = new SinkRun(Configs.sink(server, "table", table))) {
            List<String> failures = sink.put("{\"id\":1,\"item\":\"short\"}",
                    "{\"id\":2,\"item\":\"" + "x".repeat(1_500_000) + "\"}", "{\"id\":3,\"item\":\"short\"}");
            assertEquals(1, failures.size(), failures::toString);
            assertTrue(failures.get(0).endsWith("bytes, and the server takes 1032192; raise its max_allowed_packet"),
                    failures::toString);
        } finally {
            server.execute("SET GLOBAL max_allowed_packet = " + before);
        }
        assertEquals(List.of("1", "3"), server.query("SELECT id FROM " + table + " ORDER BY id"));
    }
}
