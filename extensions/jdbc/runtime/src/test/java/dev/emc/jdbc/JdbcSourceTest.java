package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.emc.api.Check;
import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.SourceRecord;
import dev.emc.testkit.Await;

/** What a source reads, from each of the databases. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(90)
class JdbcSourceTest {

    private static int count;

    private final DatabaseServer postgres = Servers.of(Vendor.POSTGRESQL);
    private final DatabaseServer mariaDb = Servers.of(Vendor.MARIADB);
    private final DatabaseServer h2 = Servers.of(Vendor.H2);

    Stream<DatabaseServer> servers() {
        return Stream.of(postgres, mariaDb, h2);
    }

    private static String newName() {
        return "rows_" + ++count;
    }

    /** A table with numbered keys, a time and a text. */
    private static String newTable(DatabaseServer server) throws SQLException {
        String table = newName();
        server.execute("CREATE TABLE " + table + " (id " + numbered(server) + ", changed " + time(server)
                + " NOT NULL, label VARCHAR(100))");
        return table;
    }

    private static String numbered(DatabaseServer server) {
        return server.vendor() == Vendor.POSTGRESQL ? "BIGSERIAL PRIMARY KEY" : "BIGINT AUTO_INCREMENT PRIMARY KEY";
    }

    private static String time(DatabaseServer server) {
        return server.vendor() == Vendor.MARIADB
                ? "TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6)"
                : "TIMESTAMP(6) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP";
    }

    private static void insert(Connection connection, String table, String... labels) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String label : labels) {
                statement.execute("INSERT INTO " + table + " (label) VALUES ('" + label + "')");
            }
        }
    }

    private static void insert(DatabaseServer server, String table, String... labels) throws SQLException {
        try (Connection connection = server.connect()) {
            insert(connection, table, labels);
        }
    }

    private static Connection transaction(DatabaseServer server) throws SQLException {
        Connection connection = server.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private static String[] labels(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "row " + i).toArray(String[]::new);
    }

    private static List<String> labels(List<SourceRecord> records) throws Exception {
        return JdbcSourceRunner.column(records, "label");
    }

    // pages and positions

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void rowsComeOnceInTheOrderOfTheirKeys(DatabaseServer server) throws Exception {
        String table = newTable(server);
        insert(server, table, labels(0, 100));
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("tables", table, "chunk-size", 7)) {
            assertEquals(List.of(labels(0, 100)), labels(runner.take(source, 100)));
            assertEquals(List.of(), runner.during(source, Duration.ofMillis(100)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void rowsOfTheSameTimeAreNeitherLostNorDoubled(DatabaseServer server) throws Exception {
        String table = newTable(server);
        insert(server, table, labels(0, 100));
        server.execute("UPDATE " + table + " SET changed = '2026-01-02 03:04:05.678901+00:00'".replace("+00:00",
                server.vendor() == Vendor.MARIADB ? "" : "+00:00"));
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            try (JdbcSource source = runner.start("tables", table, "timestamp-column", "changed", "chunk-size", 7,
                    "late-commits", "0s")) {
                List<SourceRecord> some = new ArrayList<>();
                while (some.size() < 10) {
                    some.addAll(source.poll(10 - some.size(), Duration.ofMillis(20)));
                }
                runner.save(some);
                found.addAll(labels(some));
            }
        }
        assertEquals(List.of(labels(0, 100)), found);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aRowThatIsReadAgainHasTheSameId(DatabaseServer server) throws Exception {
        String table = newTable(server);
        insert(server, table, labels(0, 20));
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        List<SourceRecord> first;
        try (JdbcSource source = runner.start("tables", table)) {
            first = runner.take(source, 20);
        }
        runner.clear();
        try (JdbcSource source = runner.start("tables", table, "chunk-size", 3)) {
            assertEquals(JdbcSourceRunner.ids(first), JdbcSourceRunner.ids(runner.take(source, 20)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aChangedRowComesAgainWithAnIdOfItsOwn(DatabaseServer server) throws Exception {
        String table = newTable(server);
        insert(server, table, "old");
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("tables", table, "timestamp-column", "changed", "late-commits", "0s")) {
            SourceRecord old = runner.take(source, 1).get(0);
            server.execute("UPDATE " + table + " SET label = 'new', changed = CURRENT_TIMESTAMP"
                    + (server.vendor() == Vendor.MARIADB ? "(6)" : ""));
            SourceRecord changed = runner.take(source, 1).get(0);
            assertEquals("new", labels(List.of(changed)).get(0));
            assertNotEquals(old.id(), changed.id());
            assertEquals("1", changed.attribute("subject"));
        }
    }

    private void assertGoesOn(DatabaseServer server, String type, String... values) throws Exception {
        String table = newName();
        server.execute("CREATE TABLE " + table + " (k " + type + " PRIMARY KEY, label VARCHAR(100))");
        for (String value : values) {
            server.execute("INSERT INTO " + table + " (k, label) VALUES (" + value + ", '" + value.replace("'", "") + "')");
        }
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            try (JdbcSource source = runner.start("tables", table, "key-columns", "k", "late-commits", "0s")) {
                List<SourceRecord> one = List.of();
                while (one.isEmpty()) {
                    one = source.poll(1, Duration.ofMillis(20));
                }
                runner.save(one);
                found.addAll(labels(one));
            }
        }
        assertEquals(Stream.of(values).map(value -> value.replace("'", "")).toList(), found, type);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void longNumbersSurviveTheRegistry(DatabaseServer server) throws Exception {
        assertGoesOn(server, "BIGINT", "-9223372036854775808", "9007199254740992", "9007199254740993", "9223372036854775807");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void decimalsSurviveTheRegistry(DatabaseServer server) throws Exception {
        assertGoesOn(server, "NUMERIC(40,20)", "-1.5", "12345678901234567890.00000000000000000001",
                "12345678901234567890.00000000000000000002");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void textsSurviveTheRegistry(DatabaseServer server) throws Exception {
        assertGoesOn(server, "VARCHAR(100)", "'a'", "'a/b:c%d'", "'b'", "'ß'", "'漢字'");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void uuidsSurviveTheRegistry(DatabaseServer server) throws Exception {
        assertGoesOn(server, "UUID", "'01900000-0000-7000-8000-000000000001'", "'01900000-0000-7000-8000-000000000002'",
                "'01900000-0000-7000-8000-0000000000ff'");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void timesSurviveTheRegistryToTheMicrosecond(DatabaseServer server) throws Exception {
        String type = server.vendor() == Vendor.MARIADB ? "DATETIME(6)" : "TIMESTAMP(6)";
        // the second and third don't exist in zones with summer time
        assertGoesOn(server, type, "'2026-01-01 00:00:00.000001'", "'2026-03-29 02:30:00.123456'",
                "'2026-03-29 02:30:00.123457'", "'9999-12-31 23:59:59'");
    }

    @Test
    void unsignedNumbersSurviveTheRegistry() throws Exception {
        assertGoesOn(mariaDb, "BIGINT UNSIGNED", "1", "9223372036854775808", "18446744073709551614", "18446744073709551615");
    }

    @Test
    void bytesSurviveTheRegistry() throws Exception {
        assertGoesOn(mariaDb, "BINARY(4)", "x'00000001'", "x'7fffffff'", "x'80000000'", "x'ffffffff'");
        assertGoesOn(postgres, "BYTEA", "'\\x01'", "'\\x7f'", "'\\x80'", "'\\xff'");
    }

    @Test
    void textsThatAreFilledUpWithBlanksSurviveTheRegistry() throws Exception {
        assertGoesOn(postgres, "CHAR(5)", "'a'", "'a b'", "'b'");
        assertGoesOn(mariaDb, "CHAR(5)", "'a'", "'a b'", "'b'");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void rowsAreOrderedByAllColumnsOfTheirKey(DatabaseServer server) throws Exception {
        String table = newName();
        server.execute("CREATE TABLE " + table + " (a INT, b INT, c INT, label VARCHAR(100), PRIMARY KEY (a, b, c))");
        List<String> sorted = new ArrayList<>();
        for (int i = 0; i < 27; i++) {
            sorted.add(i / 9 + "" + i / 3 % 3 + "" + i % 3);
            int j = i * 10 % 27;
            server.execute("INSERT INTO " + table + " VALUES (" + j / 9 + ", " + j / 3 % 3 + ", " + j % 3 + ", '" + j / 9
                    + j / 3 % 3 + j % 3 + "')");
        }
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("tables", table, "key-columns", "a,b,c", "chunk-size", 2, "late-commits",
                "100ms")) {
            assertEquals(sorted, labels(runner.take(source, 27)));
        }
    }

    // transactions that commit late

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aNumberThatIsCommittedAfterAHigherOneIsNotLost(DatabaseServer server) throws Exception {
        String table = newTable(server);
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (Connection late = transaction(server); JdbcSource source = runner.start("tables", table)) {
            insert(server, table, "a");
            insert(late, table, "b");
            insert(server, table, "c");
            assertEquals(List.of("a"), labels(runner.take(source, 1)));
            assertEquals(List.of(), runner.during(source, Duration.ofMillis(300)));
            late.commit();
            assertEquals(List.of("b", "c"), labels(runner.take(source, 2)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aNumberThatNeverComesIsWaitedForNoLongerThanTold(DatabaseServer server) throws Exception {
        String table = newTable(server);
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (Connection never = transaction(server);
                JdbcSource source = runner.start("tables", table, "late-commits", "500ms")) {
            insert(server, table, "a");
            insert(never, table, "b");
            never.rollback();
            insert(server, table, "c");
            assertEquals(List.of("a"), labels(runner.take(source, 1)));
            long begin = System.nanoTime();
            assertEquals(List.of("c"), labels(runner.take(source, 1)));
            assertTrue(System.nanoTime() - begin > 350_000_000L, "it came too early");
        }
    }

    @Test
    void aTransactionOfPostgresMayLastLongerThanTold() throws Exception {
        String table = newTable(postgres);
        JdbcSourceRunner runner = new JdbcSourceRunner(postgres);
        try (Connection late = transaction(postgres);
                JdbcSource source = runner.start("tables", table, "late-commits", "50ms")) {
            insert(late, table, "a");
            insert(postgres, table, "b");
            assertEquals(List.of(), runner.during(source, Duration.ofMillis(600)));
            late.commit();
            assertEquals(List.of("a", "b"), labels(runner.take(source, 2)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aTimeThatIsCommittedAfterALaterOneIsNotLost(DatabaseServer server) throws Exception {
        String table = newTable(server);
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (Connection late = transaction(server);
                JdbcSource source = runner.start("tables", table, "timestamp-column", "changed", "late-commits", "1s")) {
            insert(late, table, "a");
            insert(server, table, "b");
            assertEquals(List.of(), runner.during(source, Duration.ofMillis(300)));
            late.commit();
            assertEquals(List.of("a", "b"), labels(runner.take(source, 2)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void whatWasWaitedForOnceIsNotWaitedForAfterARestart(DatabaseServer server) throws Exception {
        String table = newTable(server);
        insert(server, table, labels(0, 20));
        server.execute("DELETE FROM " + table + " WHERE MOD(id, 2) = 0");
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        List<SourceRecord> first = new ArrayList<>();
        try (JdbcSource source = runner.start("tables", table, "late-commits", "300ms")) {
            while (first.size() < 5) {
                first.addAll(source.poll(5 - first.size(), Duration.ofMillis(20)));
            }
            runner.save(first);
        }
        try (JdbcSource source = runner.start("tables", table, "late-commits", "1h")) {
            assertEquals(List.of("row 10", "row 12", "row 14", "row 16", "row 18"), labels(runner.take(source, 5)));
        }
    }

    // where to begin

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void beginsWithWhatComesAfterTheStart(DatabaseServer server) throws Exception {
        String table = newTable(server);
        insert(server, table, "old");
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("tables", table, "start", "now");
                JdbcSource timed = new JdbcSourceRunner(server).start("tables", table, "start", "now", "timestamp-column",
                        "changed", "late-commits", "0s")) {
            insert(server, table, "new");
            assertEquals(List.of("new"), labels(runner.take(source, 1)));
            assertEquals(List.of("new"), labels(runner.take(timed, 1)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void beginsWhereTheFirstStartWasWhenNothingHasBeenReadSince(DatabaseServer server) throws Exception {
        String table = newTable(server);
        String empty = newTable(server);
        insert(server, table, "old");
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        JdbcSourceRunner timed = new JdbcSourceRunner(server);
        String[] byTime = {"tables", table, "start", "now", "timestamp-column", "changed", "late-commits", "0s"};
        runner.start("tables", table + "," + empty, "start", "now").close();
        timed.start(byTime).close();
        insert(server, table, "new");
        insert(server, empty, "first");
        try (JdbcSource source = runner.start("tables", table + "," + empty, "start", "now");
                JdbcSource sourceByTime = timed.start(byTime)) {
            assertEquals(Set.of("new", "first"), Set.copyOf(labels(runner.take(source, 2))));
            assertEquals(List.of("new"), labels(timed.take(sourceByTime, 1)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void beginsWithAValue(DatabaseServer server) throws Exception {
        String table = newTable(server);
        insert(server, table, labels(0, 10));
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("tables", table, "start", "value", "start-value", "8")) {
            assertEquals(List.of("row 7", "row 8", "row 9"), labels(runner.take(source, 3)));
        }
        try (JdbcSource source = new JdbcSourceRunner(server).start("tables", table, "start", "value", "start-value",
                "2000-01-01T00:00:00+01:00", "timestamp-column", "changed", "late-commits", "0s")) {
            assertEquals(10, runner.take(source, 10).size());
        }
    }

    @Test
    void aValueThatIsNoneOfTheColumnIsFatal() throws Exception {
        String table = newTable(postgres);
        assertFatal("connector.start-value: \"x\" is not a whole number, as column \"id\" has it", postgres, "tables", table,
                "start", "value", "start-value", "x");
    }

    // tables and queries

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void readsTheTablesOfAPatternEachWithItsOwnPosition(DatabaseServer server) throws Exception {
        String name = newName();
        for (String table : List.of(name + "_a", name + "_b", name + "_c")) {
            server.execute("CREATE TABLE " + table + " (id " + numbered(server) + ", label VARCHAR(100))");
            insert(server, table, table + "1", table + "2");
        }
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("tables", name + "_*", "exclude-tables", name + "_b", "discovery-interval",
                "100ms")) {
            assertEquals(Set.of(name + "_a1", name + "_a2", name + "_c1", name + "_c2"),
                    Set.copyOf(labels(runner.take(source, 4))));
            assertEquals(2, runner.positions().size());
            server.execute("CREATE TABLE " + name + "_d (id " + numbered(server) + ", label VARCHAR(100))");
            insert(server, name + "_d", "new");
            assertEquals(List.of("new"), labels(runner.take(source, 1)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aTableOfAPatternMayBeDropped(DatabaseServer server) throws Exception {
        String name = newName();
        for (String table : List.of(name + "_a", name + "_b")) {
            server.execute("CREATE TABLE " + table + " (id " + numbered(server) + ", label VARCHAR(100))");
        }
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("tables", name + "_*")) {
            runner.during(source, Duration.ofMillis(100));
            server.execute("DROP TABLE " + name + "_a");
            runner.during(source, Duration.ofMillis(100));
            insert(server, name + "_b", "still read");
            assertEquals(List.of("still read"), labels(runner.take(source, 1)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void readsAQuery(DatabaseServer server) throws Exception {
        String table = newTable(server);
        insert(server, table, labels(0, 20));
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("query", "SELECT a.id AS number, b.label FROM " + table + " a JOIN " + table
                + " b ON a.id = b.id WHERE MOD(a.id, 2) = 0 -- even ones", "key-columns", "number", "late-commits", "100ms",
                "chunk-size", 3, "query-name", "even")) {
            List<SourceRecord> records = runner.take(source, 10);
            assertEquals(List.of("row 1", "row 3", "row 5", "row 7", "row 9", "row 11", "row 13", "row 15", "row 17", "row 19"),
                    labels(records));
            assertEquals("even/2", records.get(0).id());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void namesMayHaveAnything(DatabaseServer server) throws Exception {
        String quote = server.vendor() == Vendor.MARIADB ? "`" : "\"";
        String table = "Order % 'of' " + newName();
        server.execute("CREATE TABLE " + quote + table + quote + " (" + quote + "the key" + quote + " INT PRIMARY KEY, "
                + quote + "Select" + quote + " INT)", "INSERT INTO " + quote + table + quote + " VALUES (1, 2)");
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("tables", table)) {
            SourceRecord record = runner.take(source, 1).get(0);
            assertEquals("{\"the key\":1,\"Select\":2}", record.text());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void columnsMayComeAndGoWhileItRuns(DatabaseServer server) throws Exception {
        String table = newTable(server);
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("tables", table)) {
            for (int round = 0; round < 8; round++) { // drivers prepare what comes often
                insert(server, table, "before");
                runner.take(source, 1);
            }
            server.execute("ALTER TABLE " + table + " ADD COLUMN more INT DEFAULT 7");
            insert(server, table, "after");
            assertEquals(7, JdbcSourceRunner.row(runner.take(source, 1).get(0)).get(more(server)).asInt());
            server.execute("ALTER TABLE " + table + " DROP COLUMN more");
            insert(server, table, "at last");
            SourceRecord last = runner.take(source, 1).get(0);
            assertNull(JdbcSourceRunner.row(last).get(more(server)));
        }
    }

    private static String more(DatabaseServer server) {
        return server.vendor() == Vendor.H2 ? "MORE" : "more";
    }

    @Test
    void rowsWithoutAPlaceInTheOrderAreLeftOut() throws Exception {
        for (DatabaseServer server : List.of(postgres, mariaDb)) {
            String table = newTable(server);
            server.execute("ALTER TABLE " + table + " ADD COLUMN seen INT");
            server.execute("INSERT INTO " + table + " (label, seen) VALUES ('a', NULL), ('b', 1), ('c', NULL)");
            JdbcSourceRunner runner = new JdbcSourceRunner(server);
            try (JdbcSource source = runner.start("tables", table, "key-columns", "seen", "late-commits", "0s")) {
                assertEquals(List.of("b"), labels(runner.take(source, 1)));
            }
        }
    }

    // events

    @Test
    void attributesAreFilledIn() throws Exception {
        String table = newTable(postgres);
        insert(postgres, table, "red");
        JdbcSourceRunner runner = new JdbcSourceRunner(postgres);
        try (JdbcSource source = runner.start("tables", table, "type", "shop.{table}.changed", "source", "/shop/{/label}",
                "subject", "{/id}-{/label}", "topic", "rows-{/label}")) {
            SourceRecord record = runner.take(source, 1).get(0);
            assertEquals("shop.public." + table + ".changed", record.attribute("type"));
            assertEquals("/shop/red", record.attribute("source"));
            assertEquals("1-red", record.attribute("subject"));
            assertEquals("rows-red", record.topic());
            assertEquals("public." + table, record.attribute("table"));
            assertEquals("application/json", record.contentType());
        }
    }

    @Test
    void aRowThatLacksWhatATemplateWantsHasAProblem() throws Exception {
        String table = newTable(postgres);
        postgres.execute("INSERT INTO " + table + " (label) VALUES (NULL), ('x')");
        JdbcSourceRunner runner = new JdbcSourceRunner(postgres);
        try (JdbcSource source = runner.start("tables", table, "topic", "rows-{/label}")) {
            List<SourceRecord> records = runner.take(source, 2);
            assertTrue(records.get(0).problem().getMessage().contains("/label"), () -> records.get(0).problem().getMessage());
            assertNull(records.get(1).problem());
        }
    }

    @Test
    void theTimeOfAnEventIsThatOfTheRow() throws Exception {
        String table = newTable(postgres);
        postgres.execute("INSERT INTO " + table + " (label, changed) VALUES ('x', '2026-01-02 03:04:05.678+02')");
        JdbcSourceRunner runner = new JdbcSourceRunner(postgres);
        try (JdbcSource source = runner.start("tables", table, "timestamp-column", "changed")) {
            assertEquals("2026-01-02T01:04:05.678Z", runner.take(source, 1).get(0).timestamp().toString());
        }
    }

    @Test
    void longRowsDontComeAllAtOnce() throws Exception {
        String table = newTable(postgres);
        postgres.execute("ALTER TABLE " + table + " ALTER label TYPE TEXT",
                "INSERT INTO " + table + " (label) SELECT repeat('x', 1000000) FROM generate_series(1, 20)");
        JdbcSourceRunner runner = new JdbcSourceRunner(postgres);
        try (JdbcSource source = runner.start("tables", table)) {
            int polled = source.poll(1000, Duration.ofSeconds(10)).size();
            assertTrue(polled > 0 && polled < 8, () -> polled + " MB at once");
        }
    }

    // lag

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void theLagIsTheNumberOfRowsThatWait(DatabaseServer server) throws Exception {
        String table = newTable(server);
        insert(server, table, labels(0, 30));
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("tables", table)) {
            List<SourceRecord> some = source.poll(10, Duration.ofSeconds(10));
            assertEquals(10, some.size());
            assertEquals(20, source.lag());
        }
    }

    // what can't work

    private static void assertFatal(String message, DatabaseServer server, Object... keysAndValues) {
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        FatalException fatal = assertThrows(FatalException.class, () -> runner.start(keysAndValues).close());
        assertTrue(fatal.getMessage().contains(message), fatal::getMessage);
        assertFalse(fatal.getMessage().contains(DatabaseServer.PASSWORD), fatal::getMessage);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aMissingTableIsFatal(DatabaseServer server) {
        assertFatal("there is no table \"nowhere\", or the user may not see it", server, "tables", "nowhere");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aMissingColumnIsFatal(DatabaseServer server) throws Exception {
        String table = newTable(server);
        assertFatal("has no column \"nothing\", which connector.timestamp-column names", server, "tables", table,
                "timestamp-column", "nothing");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aTableWithoutAKeyIsFatal(DatabaseServer server) throws Exception {
        String table = newName();
        server.execute("CREATE TABLE " + table + " (label VARCHAR(10))");
        assertFatal("has no primary key; name columns", server, "tables", table);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aKeyThatDoesNotGrowIsFatal(DatabaseServer server) throws Exception {
        String table = newName();
        server.execute("CREATE TABLE " + table + " (k VARCHAR(10) PRIMARY KEY)");
        assertFatal("is not one number, so that new rows may have lower keys", server, "tables", table);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aTimeWithoutAZoneNeedsOne(DatabaseServer server) throws Exception {
        String table = newName();
        server.execute("CREATE TABLE " + table + " (id INT PRIMARY KEY, changed "
                + (server.vendor() == Vendor.MARIADB ? "DATETIME" : "TIMESTAMP") + ")");
        assertFatal("has no time zone; say in connector.timezone", server, "tables", table, "timestamp-column", "changed");
    }

    @Test
    void columnsWithoutAnExactOrderAreFatal() throws Exception {
        String table = newName();
        postgres.execute("CREATE TYPE " + table + "_kind AS ENUM ('b', 'a')",
                "CREATE TABLE " + table + " (f FLOAT8, e " + table + "_kind)");
        assertFatal("can't be ordered by column \"f\"", postgres, "tables", table, "key-columns", "f");
        assertFatal("can't be ordered by column \"e\"", postgres, "tables", table, "key-columns", "e");
        String enums = newName();
        mariaDb.execute("CREATE TABLE " + enums + " (e ENUM('b', 'a'))");
        assertFatal("can't be ordered by column \"e\"", mariaDb, "tables", enums, "key-columns", "e");
    }

    @Test
    void aTimeInAZoneIsReadWhenItHasCome() throws Exception {
        String table = newName();
        postgres.execute("CREATE TABLE " + table + " (id INT PRIMARY KEY, changed TIMESTAMP, label TEXT)",
                "INSERT INTO " + table + " VALUES (1, (now() AT TIME ZONE 'Asia/Tokyo') - interval '1 minute', 'past'),"
                        + " (2, (now() AT TIME ZONE 'Asia/Tokyo') + interval '1 hour', 'future')");
        JdbcSourceRunner runner = new JdbcSourceRunner(postgres);
        try (JdbcSource source = runner.start("tables", table, "timestamp-column", "changed", "timezone", "Asia/Tokyo")) {
            assertEquals(List.of("past"), labels(runner.take(source, 1)));
            assertEquals(List.of(), runner.during(source, Duration.ofMillis(100)));
        }
    }

    @Test
    void aPositionOfOtherColumnsIsFatal() throws Exception {
        String table = newTable(postgres);
        insert(postgres, table, "x");
        JdbcSourceRunner runner = new JdbcSourceRunner(postgres);
        try (JdbcSource source = runner.start("tables", table)) {
            runner.take(source, 1);
        }
        FatalException fatal = assertThrows(FatalException.class,
                () -> runner.start("tables", table, "timestamp-column", "changed"));
        assertTrue(fatal.getMessage().contains("is of other columns (id)"), fatal::getMessage);
    }

    @Test
    void aMissingRightIsFatalAndDoctorTellsIt() throws Exception {
        String table = newTable(postgres);
        postgres.execute("CREATE USER guest PASSWORD 'sEcReT-of-the-guest'");
        assertFatal("permission denied for table " + table, postgres, "tables", table, "user", "guest", "password",
                "sEcReT-of-the-guest");
        try (JdbcSource source = new JdbcSourceRunner(postgres).source("tables", table, "user", "guest", "password",
                "sEcReT-of-the-guest")) {
            List<Check> checks = source.check();
            assertTrue(checks.stream().anyMatch(check -> !check.passed() && check.message().contains("permission denied")),
                    checks::toString);
        }
    }

    @Test
    void aRowThatTheDatabaseFailsToMakeIsAProblemAndTheOthersCome() throws Exception {
        JdbcSourceRunner runner = new JdbcSourceRunner(postgres);
        try (JdbcSource source = runner.start("query", "SELECT g AS id, 1 / (30 - g) AS label FROM generate_series(1, 50) g",
                "key-columns", "id")) {
            List<SourceRecord> records = runner.take(source, 50);
            List<String> problems = records.stream().filter(record -> record.problem() != null)
                    .map(record -> record.problem().getMessage()).toList();
            assertEquals(List.of("The row of query query with the key [30] can't be read: division by zero (SQLState 22012)"),
                    problems);
            assertEquals("query/30", records.get(29).id());
        }
    }

    @Test
    void itCannotWrite() throws Exception {
        for (DatabaseServer server : List.of(postgres, mariaDb)) {
            String table = newTable(server);
            try (Database database = new Database(Configs.of(JdbcSourceConfig.class, Configs.with(server)), true);
                    Statement statement = database.connection().createStatement()) {
                assertThrows(SQLException.class, () -> statement.execute("DELETE FROM " + table));
            }
        }
    }

    // doctor

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void doctorTellsOfAMissingIndex(DatabaseServer server) throws Exception {
        String table = newTable(server);
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        assertTrue(said(runner.source("tables", table, "timestamp-column", "changed")).contains("has no index"));
        server.execute("CREATE INDEX " + table + "_changed ON " + table + " (changed, id)");
        assertFalse(said(runner.source("tables", table, "timestamp-column", "changed")).contains("has no index"));
        assertFalse(said(runner.source("tables", table)).contains("has no index"));
    }

    @Test
    void doctorTellsOfTimesInTheFuture() throws Exception {
        String table = newTable(postgres);
        postgres.execute("INSERT INTO " + table + " (changed) VALUES (now() + interval '3 hours')");
        String said = said(new JdbcSourceRunner(postgres).source("tables", table, "timestamp-column", "changed"));
        assertTrue(said.contains("in the future of the database's clock"), said);
    }

    private static String said(JdbcSource source) throws Exception {
        try (source) {
            return source.check().toString();
        }
    }

    // a table is read while it is written

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void concurrentWritersOfNumbersLoseNothing(DatabaseServer server) throws Exception {
        assertReadWhileWritten(server, "late-commits", "1s");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void concurrentWritersOfTimesLoseNothing(DatabaseServer server) throws Exception {
        assertReadWhileWritten(server, "late-commits", "1s", "timestamp-column", "changed");
    }

    /** Writers whose transactions overlap, some of which are rolled back, and a source that starts again all the time. */
    private void assertReadWhileWritten(DatabaseServer server, Object... keysAndValues) throws Exception {
        String table = newTable(server);
        List<Thread> writers = new ArrayList<>();
        List<Throwable> failed = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int w = 0; w < 4; w++) {
            int writer = w;
            Thread thread = new Thread(() -> {
                try (Connection connection = transaction(server)) {
                    for (int t = 0; t < 40; t++) {
                        insert(connection, table, "w" + writer + " t" + t + " a", "w" + writer + " t" + t + " b");
                        Thread.sleep((writer * 7 + t * 3) % 20);
                        insert(connection, table, "w" + writer + " t" + t + " c");
                        if (t % 10 == writer) {
                            connection.rollback();
                        } else {
                            connection.commit();
                        }
                    }
                } catch (Exception e) {
                    failed.add(e);
                }
            });
            thread.start();
            writers.add(thread);
        }
        List<Object> all = new ArrayList<>(List.of("tables", table, "chunk-size", 20));
        all.addAll(List.of(keysAndValues));
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        List<String> found = new ArrayList<>();
        int expected = 4 * 36 * 3;
        long end = System.nanoTime() + Await.DEADLINE.toNanos();
        while (found.size() < expected && System.nanoTime() < end) {
            try (JdbcSource source = runner.start(all.toArray())) {
                for (int i = 0; i < 60 && found.size() < expected; i++) {
                    List<SourceRecord> some = source.poll(30, Duration.ofMillis(20));
                    runner.save(some);
                    found.addAll(labels(some));
                }
            }
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertEquals(List.of(), failed);
        List<String> written = server.query("SELECT label FROM " + table);
        assertEquals(expected, written.size());
        assertEquals(written.stream().sorted().toList(), found.stream().sorted().toList());
    }

    @Test
    void positionsAreSmallAndReadable() throws Exception {
        String table = newTable(postgres);
        postgres.execute("INSERT INTO " + table + " (changed) VALUES ('2026-01-02 03:04:05.123456Z')");
        JdbcSourceRunner runner = new JdbcSourceRunner(postgres);
        try (JdbcSource source = runner.start("tables", table, "timestamp-column", "changed")) {
            SourceRecord record = runner.take(source, 1).get(0);
            assertEquals(new Position(java.util.Map.of("table", "public." + table),
                    java.util.Map.of("changed", "2026-01-02T03:04:05.123456Z", "id", 1L)), record.progress());
            assertEquals("public." + table + "/2026-01-02T03:04:05.123456Z/1", record.id());
        }
    }
}
