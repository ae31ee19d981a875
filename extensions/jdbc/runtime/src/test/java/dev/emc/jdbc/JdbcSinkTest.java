package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;

/** What becomes of events, with each of the databases. */
class JdbcSinkTest {

    private final String table = Servers.newTable();

    private static SinkRun sink(Vendor vendor, Object... keys) throws Exception {
        return new SinkRun(Configs.sink(Servers.of(vendor), keys));
    }

    private void orders(Vendor vendor) throws Exception {
        Servers.of(vendor).execute("CREATE TABLE " + table
                + " (id INT PRIMARY KEY, item VARCHAR(20), amount INT DEFAULT 7, CHECK (amount >= 0))");
        if (vendor == Vendor.MYSQL) { // this one knows no CHECK yet
            Servers.of(vendor)
                    .execute("CREATE TRIGGER r" + table + " BEFORE INSERT ON " + table + " FOR EACH ROW IF NEW.amount < 0"
                            + " THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'negative'; END IF");
        }
    }

    private List<String> rows(Vendor vendor) throws Exception {
        return Servers.of(vendor).query("SELECT id, item, amount FROM " + table + " ORDER BY id");
    }

    @ParameterizedTest
    @EnumSource
    void upsertAddsAndChanges(Vendor vendor) throws Exception {
        orders(vendor);
        try (SinkRun sink = sink(vendor, "table", table)) {
            assertEquals(List.of(),
                    sink.put("{\"id\":1,\"item\":\"a\",\"amount\":1}", "{\"id\":2,\"item\":\"b\",\"amount\":2}"));
            assertEquals(List.of(), sink.put("{\"id\":1,\"item\":\"c\"}", "{\"id\":3,\"amount\":3}"));
        }
        assertEquals(List.of("1|c|1", "2|b|2", "3|null|3"), rows(vendor));
    }

    @ParameterizedTest
    @EnumSource
    void theLastOfTheSameKeyInABatchCounts(Vendor vendor) throws Exception {
        orders(vendor);
        try (SinkRun sink = sink(vendor, "table", table)) {
            assertEquals(List.of(), sink.put("{\"id\":1,\"item\":\"a\",\"amount\":1}", "{\"id\":1,\"item\":\"b\",\"amount\":2}",
                    "{\"id\":1,\"amount\":3}", "{\"id\":1,\"item\":\"d\"}"));
        }
        assertEquals(List.of("1|d|3"), rows(vendor));
    }

    @ParameterizedTest
    @EnumSource
    void insertRefusesAKeyThatIsThere(Vendor vendor) throws Exception {
        orders(vendor);
        try (SinkRun sink = sink(vendor, "table", table, "mode", "insert")) {
            List<String> failures = sink.put("{\"id\":1,\"item\":\"a\"}", "{\"id\":1,\"item\":\"b\"}",
                    "{\"id\":2,\"item\":\"c\"}");
            assertEquals(1, failures.size(), failures::toString);
            assertTrue(failures.get(0).startsWith("Event 'e2' is refused by table "), failures::toString);
        }
        assertEquals(List.of("1|a|7", "2|c|7"), rows(vendor));
    }

    @ParameterizedTest
    @EnumSource
    void insertNewLeavesAKeyThatIsThere(Vendor vendor) throws Exception {
        orders(vendor);
        try (SinkRun sink = sink(vendor, "table", table, "mode", "insert-new")) {
            assertEquals(List.of(),
                    sink.put("{\"id\":1,\"item\":\"a\"}", "{\"id\":1,\"item\":\"b\"}", "{\"id\":2,\"item\":\"c\"}"));
            assertEquals(List.of(), sink.put("{\"id\":2,\"item\":\"d\"}"));
        }
        assertEquals(List.of("1|a|7", "2|c|7"), rows(vendor));
    }

    @ParameterizedTest
    @EnumSource
    void updateChangesAndRefusesAKeyThatIsNotThere(Vendor vendor) throws Exception {
        orders(vendor);
        Servers.of(vendor).execute("INSERT INTO " + table + " VALUES (1, 'a', 1)");
        try (SinkRun sink = sink(vendor, "table", table, "mode", "update")) {
            List<String> failures = sink.put("{\"id\":1,\"item\":\"b\"}", "{\"id\":2,\"item\":\"c\"}",
                    "{\"id\":1,\"amount\":9}");
            assertEquals(1, failures.size(), failures::toString);
            assertTrue(failures.get(0).startsWith("Event 'e2' changes nothing"), failures::toString);
            assertEquals(List.of(), sink.put("{\"id\":1,\"item\":\"b\"}"), "an update to the same is none the less one");
        }
        assertEquals(List.of("1|b|9"), rows(vendor));
    }

    @ParameterizedTest
    @EnumSource
    void anEventWithoutAPayloadDeletes(Vendor vendor) throws Exception {
        orders(vendor);
        try (SinkRun sink = sink(vendor, "table", table, "deletes", "true", "columns.id", "{subject}")) {
            List<ConnectorRecord> batch = new ArrayList<>();
            for (String subject : List.of("1", "2", "3")) {
                batch.add(ConnectorRecord.builder().attributes(sink.event("{}").attributes()).attribute("subject", subject)
                        .text("{\"item\":\"x\"}").build());
            }
            batch.add(ConnectorRecord.builder().attribute("id", "gone").attribute("subject", "2").build());
            assertEquals(List.of(), sink.put(batch));
        }
        assertEquals(List.of("1|x|7", "3|x|7"), rows(vendor));
    }

    @ParameterizedTest
    @EnumSource
    void changeEventsAreFollowed(Vendor vendor) throws Exception {
        orders(vendor);
        try (SinkRun sink = sink(vendor, "table", table, "row", "/after", "deletes", "true", "delete-row", "/before")) {
            assertEquals(List.of(), sink.put("{\"before\":null,\"after\":{\"id\":1,\"item\":\"a\"}}",
                    "{\"before\":null,\"after\":{\"id\":2,\"item\":\"b\"}}",
                    "{\"before\":{\"id\":1,\"item\":\"a\"},\"after\":null}",
                    "{\"before\":{\"id\":2},\"after\":{\"id\":2,\"item\":\"c\"}}"));
        }
        assertEquals(List.of("2|c|7"), rows(vendor));
    }

    @Test
    void aConditionPicksWhatDeletes() throws Exception {
        orders(Vendor.POSTGRESQL);
        try (SinkRun sink = sink(Vendor.POSTGRESQL, "table", table, "deletes", "true", "delete-when", "{type}=order.deleted")) {
            assertEquals(List.of(), sink.put(List.of(sink.event("{\"id\":1}"), sink.event("{\"id\":2}"),
                    sink.event("order.deleted", "{\"id\":1,\"why\":\"no column of this name\"}"))));
        }
        assertEquals(List.of("2|null|7"), rows(Vendor.POSTGRESQL));
    }

    @Test
    void anEventWithoutARowIsRefusedUnlessItMayDelete() throws Exception {
        orders(Vendor.POSTGRESQL);
        try (SinkRun sink = sink(Vendor.POSTGRESQL, "table", table)) {
            List<String> failures = sink.put(List.of(ConnectorRecord.builder().attribute("id", "e").build()));
            assertTrue(failures.get(0).startsWith("Event 'e' has no row; with connector.deletes"), failures::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBadRowInTheMidstOfAThousandFailsAlone(Vendor vendor) throws Exception {
        orders(vendor);
        String[] payloads = IntStream.range(0, 1000).mapToObj(i -> "{\"id\":" + i + ",\"item\":\"i" + i + "\",\"amount\":"
                + (i == 617 ? -1 : i) + "}").toArray(String[]::new);
        try (SinkRun sink = sink(vendor, "table", table)) {
            List<String> failures = sink.put(payloads);
            assertEquals(1, failures.size(), failures::toString);
            assertTrue(failures.get(0).startsWith("Event 'e618' is refused by table "), failures::toString);
        }
        assertEquals(999, Servers.of(vendor).number("SELECT count(*) FROM " + table));
    }

    @ParameterizedTest
    @EnumSource
    void manyBadRowsFailEachForItself(Vendor vendor) throws Exception {
        orders(vendor);
        String[] payloads = IntStream.range(0, 100).mapToObj(i -> i % 10 == 3
                ? "{\"id\":" + i + ",\"amount\":-1}"
                : i % 10 == 5
                        ? "{\"id\":" + i + ",\"item\":\"much too long for its column\"}"
                        : i % 10 == 7 ? "no json" : "{\"id\":" + i + "}")
                .toArray(String[]::new);
        try (SinkRun sink = sink(vendor, "table", table)) {
            assertEquals(30, sink.put(payloads).size());
        }
        assertEquals(70, Servers.of(vendor).number("SELECT count(*) FROM " + table));
    }

    @Test
    void whatOnlyTheCommitRefusesFailsAlone() throws Exception {
        DatabaseServer server = Servers.of(Vendor.POSTGRESQL);
        server.execute("CREATE TABLE " + table + "_parent (id INT PRIMARY KEY)", "INSERT INTO " + table + "_parent VALUES (1)",
                "CREATE TABLE " + table + " (id INT PRIMARY KEY, item TEXT, amount INT, parent INT REFERENCES " + table
                        + "_parent DEFERRABLE INITIALLY DEFERRED)");
        try (SinkRun sink = sink(Vendor.POSTGRESQL, "table", table)) {
            List<String> failures = sink.put("{\"id\":1,\"parent\":1}", "{\"id\":2,\"parent\":2}", "{\"id\":3,\"parent\":1}");
            assertEquals(1, failures.size(), failures::toString);
            assertTrue(failures.get(0).startsWith("Event 'e2' is refused"), failures::toString);
        }
        assertEquals(List.of("1|null|null", "3|null|null"), rows(Vendor.POSTGRESQL));
    }

    @ParameterizedTest
    @EnumSource
    void unknownFieldsAreRefusedLeftOutOrCollected(Vendor vendor) throws Exception {
        orders(vendor);
        Servers.of(vendor).execute("ALTER TABLE " + table + " ADD COLUMN rest "
                + (vendor == Vendor.POSTGRESQL ? "jsonb" : "JSON"));
        String payload = "{\"id\":1,\"color\":\"red\",\"size\":{\"x\":1}}";
        try (SinkRun sink = sink(vendor, "table", table)) {
            List<String> failures = sink.put(payload);
            assertTrue(failures.get(0).contains("there is no column for \"color\", \"size\"; connector.unknown-fields"),
                    failures::toString);
        }
        try (SinkRun sink = sink(vendor, "table", table, "unknown-fields", "ignore")) {
            assertEquals(List.of(), sink.put(payload));
        }
        try (SinkRun sink = sink(vendor, "table", table, "unknown-fields", "column", "unknown-fields-column", "rest")) {
            assertEquals(List.of(), sink.put(payload));
        }
        String rest = Servers.of(vendor).query("SELECT rest FROM " + table).get(0).replace(" ", "");
        assertTrue(rest.contains("\"color\":\"red\"") && rest.contains("\"size\":{\"x\":1}"), rest);
    }

    @ParameterizedTest
    @EnumSource
    void missingFieldsKeepTheirValueOrBecomeNull(Vendor vendor) throws Exception {
        orders(vendor);
        try (SinkRun sink = sink(vendor, "table", table)) {
            sink.put("{\"id\":1,\"item\":\"a\",\"amount\":1}", "{\"id\":2}");
            sink.put("{\"id\":1,\"item\":\"b\"}");
        }
        try (SinkRun sink = sink(vendor, "table", table, "missing-fields", "null")) {
            sink.put("{\"id\":2}");
        }
        assertEquals(List.of("1|b|1", "2|null|null"), rows(vendor));
    }

    @ParameterizedTest
    @EnumSource
    void namesAndValuesAreNoStatements(Vendor vendor) throws Exception {
        String evil = "x\"; DROP TABLE \"t`y` '; -- ${} {fn now()} ?";
        Dialect dialect = Dialect.of(vendor);
        Servers.of(vendor).execute("CREATE TABLE " + dialect.quote(evil + table) + " (" + dialect.quote("a\"b`c'; --")
                + " VARCHAR(200) PRIMARY KEY, " + dialect.quote("select") + " VARCHAR(200), " + dialect.quote("Größe")
                + " VARCHAR(200), " + dialect.quote("groß e") + " INT)");
        try (SinkRun sink = sink(vendor, "table", "{type}")) {
            ConnectorRecord event = sink.event(evil + table,
                    "{\"a\\\"b`c'; --\":\"'; DROP TABLE x; --\",\"select\":\"\\\\' OR 1=1\",\"Größe\":\"{fn now()} $1 ?\",\"groß e\":1}");
            assertEquals(List.of(), sink.put(List.of(event, event)));
            List<String> failures = sink.put(List.of(sink.event("nothing'; DROP TABLE x; --", "{\"id\":1}"),
                    sink.event("", "{\"id\":1}"), sink.event("a\0b", "{\"id\":1}"),
                    sink.event("x".repeat(5000), "{\"id\":1}")));
            assertEquals(4, failures.size(), failures::toString);
        }
        assertEquals(List.of("'; DROP TABLE x; --|\\' OR 1=1|{fn now()} $1 ?|1"),
                Servers.of(vendor).query("SELECT * FROM " + dialect.quote(evil + table)));
    }

    @ParameterizedTest
    @EnumSource
    void theCaseOfNamesCountsOnlyWhereItHasTo(Vendor vendor) throws Exception {
        Dialect dialect = Dialect.of(vendor);
        Servers.of(vendor)
                .execute("CREATE TABLE " + dialect.quote("Mixed" + table) + " (" + dialect.quote("Id") + " INT PRIMARY KEY, "
                        + dialect.quote("itemName") + " VARCHAR(20))");
        String wanted = vendor == Vendor.MARIADB || vendor == Vendor.MYSQL ? "Mixed" : "MIXED";
        try (SinkRun sink = sink(vendor, "table", wanted + table)) {
            assertEquals(List.of(), sink.put("{\"ID\":1,\"itemname\":\"a\"}"));
        }
        assertEquals(List.of("1|a"), Servers.of(vendor).query("SELECT * FROM " + dialect.quote("Mixed" + table)));
    }

    @Test
    void namesThatDifferInCaseAloneAreTakenExactly() throws Exception {
        DatabaseServer server = Servers.of(Vendor.POSTGRESQL);
        server.execute("CREATE TABLE " + table + " (\"id\" INT PRIMARY KEY, \"Id\" INT)");
        try (SinkRun sink = sink(Vendor.POSTGRESQL, "table", table)) {
            assertEquals(List.of(), sink.put("{\"id\":1,\"Id\":2}"));
            assertTrue(sink.put("{\"id\":2,\"ID\":2}").get(0).contains("no column for \"ID\""));
        }
        assertEquals(List.of("1|2"), server.query("SELECT * FROM " + table));
    }

    @ParameterizedTest
    @EnumSource
    void aSchemaIsPartOfTheName(Vendor vendor) throws Exception {
        DatabaseServer server = Servers.of(vendor);
        server.execute("CREATE SCHEMA s" + table, "CREATE TABLE s" + table + ".orders (id INT PRIMARY KEY)");
        try (SinkRun sink = sink(vendor, "table", "s" + table + ".orders")) {
            assertEquals(List.of(), sink.put("{\"id\":1}"));
        }
        assertEquals(1, server.number("SELECT count(*) FROM s" + table + ".orders"));
    }

    @ParameterizedTest
    @EnumSource
    void columnsComeFromAnywhereInTheEvent(Vendor vendor) throws Exception {
        String bytes = vendor == Vendor.POSTGRESQL ? "bytea" : "BLOB";
        Servers.of(vendor)
                .execute("CREATE TABLE " + table + " (id VARCHAR(50) PRIMARY KEY, city VARCHAR(20), label VARCHAR(50),"
                        + " raw " + bytes + ", n INT)");
        try (SinkRun sink = sink(vendor, "table", table, "fields", "none", "columns.id", "{id}", "columns.city",
                "/customer/city",
                "columns.label", "{source}#{id}", "columns.raw", "{data}", "columns.n", "{/list/1}")) {
            assertEquals(List.of(), sink.put("{\"customer\":{\"city\":\"Köln\"},\"list\":[1,2],\"other\":0}"));
        }
        assertEquals(List.of("e1|Köln|/shop#e1|2"), Servers.of(vendor).query("SELECT id, city, label, n FROM " + table));
    }

    @ParameterizedTest
    @EnumSource
    void aTableIsCreatedFromItsFirstEvent(Vendor vendor) throws Exception {
        try (SinkRun sink = sink(vendor, "table", table, "schema", "create", "key", "id", "columns.at", "{time}")) {
            assertEquals(List.of(), sink.put("{\"id\":\"a\",\"n\":1,\"d\":1.5,\"b\":true,\"o\":{\"x\":[1]},\"t\":null}",
                    "{\"id\":\"b\",\"n\":-9223372036854775808,\"d\":0.25,\"b\":false,\"o\":[],\"t\":\"text\"}",
                    "{\"id\":\"a\",\"n\":2}"));
            assertTrue(sink.put("{\"id\":\"c\",\"more\":1}").get(0).contains("no column for \"more\""));
        }
        String flag = vendor == Vendor.POSTGRESQL ? "t" : vendor == Vendor.H2 ? "TRUE" : "1";
        Dialect dialect = Dialect.of(vendor); // names are as they were written
        List<String> rows = Servers.of(vendor).query("SELECT " + String.join(", ", Stream.of("id", "n", "d", "b", "t").map(
                dialect::quote).toList()) + " FROM " + dialect.quote(table) + " ORDER BY 1");
        assertEquals("a|2|1.5|" + flag + "|null", rows.get(0));
        assertTrue(rows.get(1).startsWith("b|-9223372036854775808|0.25|"), rows::toString);
    }

    @ParameterizedTest
    @EnumSource
    void aTableGrowsWithItsEvents(Vendor vendor) throws Exception {
        orders(vendor);
        try (SinkRun sink = sink(vendor, "table", table, "schema", "evolve", "key", "id")) {
            assertEquals(List.of(),
                    sink.put("{\"id\":1}", "{\"id\":2,\"color\":\"red\",\"nothing\":null}", "{\"id\":3,\"weight\":1.5}"));
        }
        assertEquals(List.of("1|null|null", "2|red|null", "3|null|1.5"),
                Servers.of(vendor).query("SELECT id, " + Dialect.of(vendor).quote("color") + ", "
                        + Dialect.of(vendor).quote("weight") + " FROM " + table + " ORDER BY id"));
    }

    @Test
    void eachEventMayHaveItsOwnTable() throws Exception {
        orders(Vendor.POSTGRESQL);
        DatabaseServer server = Servers.of(Vendor.POSTGRESQL);
        server.execute("CREATE TABLE \"" + table + ".b\" (id INT PRIMARY KEY)");
        try (SinkRun sink = sink(Vendor.POSTGRESQL, "table", "{type}")) {
            List<String> failures = sink.put(List.of(sink.event(table, "{\"id\":1}"), sink.event(table + ".b", "{\"id\":1}"),
                    sink.event("no." + table, "{\"id\":1}"), sink.event(table, "{\"id\":2}")));
            assertEquals(List.of("Event 'e3' goes to table no." + table + ", which is not in the database."), failures);
        }
        assertEquals(2, server.number("SELECT count(*) FROM " + table));
        assertEquals(1, server.number("SELECT count(*) FROM \"" + table + ".b\""));
    }

    @ParameterizedTest
    @EnumSource
    void aTableThatIsMissingEndsTheStart(Vendor vendor) {
        FatalException missing = assertThrows(FatalException.class, () -> sink(vendor, "table", "missing"));
        assertEquals(
                "table missing is not in the database; create it, correct connector.table, or set connector.schema: create",
                missing.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatTellsNothingApartEndsTheStart(Vendor vendor) throws Exception {
        orders(vendor);
        FatalException wrong = assertThrows(FatalException.class, () -> sink(vendor, "table", table, "key", "item"));
        assertTrue(wrong.getMessage().contains("has no unique index on just the columns of connector.key"), wrong::getMessage);
        Servers.of(vendor).execute("CREATE UNIQUE INDEX u" + table + " ON " + table + " (item)");
        sink(vendor, "table", table, "key", "item").close();
    }

    @Test
    void aTableWithoutAKeyNeedsInsert() throws Exception {
        DatabaseServer server = Servers.of(Vendor.POSTGRESQL);
        server.execute("CREATE TABLE " + table + " (id INT)");
        FatalException wrong = assertThrows(FatalException.class, () -> sink(Vendor.POSTGRESQL, "table", table));
        assertTrue(wrong.getMessage().endsWith("has no primary key; set connector.key, or connector.mode: insert"));
        try (SinkRun sink = sink(Vendor.POSTGRESQL, "table", table, "mode", "insert")) {
            assertEquals(List.of(), sink.put("{\"id\":1}", "{\"id\":1}"));
        }
        assertEquals(2, server.number("SELECT count(*) FROM " + table));
    }

    @ParameterizedTest
    @EnumSource
    void aTableThatChangesMeanwhileIsLookedAtAgain(Vendor vendor) throws Exception {
        orders(vendor);
        try (SinkRun sink = sink(vendor, "table", table, "unknown-fields", "ignore")) {
            assertEquals(List.of(), sink.put("{\"id\":1,\"item\":\"a\"}"));
            Servers.of(vendor).execute("ALTER TABLE " + table + " DROP COLUMN item");
            assertEquals(List.of(), sink.put("{\"id\":2,\"item\":\"b\"}"));
        }
        assertEquals(2, Servers.of(vendor).number("SELECT count(*) FROM " + table));
    }

    @ParameterizedTest
    @EnumSource
    void aTableThatVanishesMeanwhileEndsTheSink(Vendor vendor) throws Exception {
        orders(vendor);
        try (SinkRun sink = sink(vendor, "table", table)) {
            sink.put("{\"id\":1}");
            Servers.of(vendor).execute("DROP TABLE " + table);
            assertThrows(FatalException.class, () -> sink.put("{\"id\":2}"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void generatedColumnsAreTheDatabases(Vendor vendor) throws Exception {
        String sum = vendor == Vendor.H2 ? "INT GENERATED ALWAYS AS (a + 1)" : "INT GENERATED ALWAYS AS (a + 1) STORED";
        Servers.of(vendor).execute("CREATE TABLE " + table + " (id INT PRIMARY KEY, a INT, b " + sum + ")");
        try (SinkRun sink = sink(vendor, "table", table, "unknown-fields", "ignore")) {
            assertEquals(List.of(), sink.put("{\"id\":1,\"a\":1,\"b\":9}"));
        }
        assertEquals(List.of("1|1|2"), Servers.of(vendor).query("SELECT * FROM " + table));
    }

    /** Of tables that are copied, for example: the numbers are those of the other table. */
    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "H2"})
    void numbersThatTheDatabaseAlwaysGivesCanBeGiven(Vendor vendor) throws Exception {
        Servers.of(vendor).execute("CREATE TABLE " + table + " (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a INT)");
        try (SinkRun sink = sink(vendor, "table", table, "mode", "insert-new")) {
            assertEquals(List.of(), sink.put("{\"id\":7,\"a\":1}", "{\"id\":9,\"a\":2}"));
            assertEquals(List.of(), sink.put("{\"id\":9,\"a\":2}"));
        }
        assertEquals(List.of("7|1", "9|2"), Servers.of(vendor).query("SELECT * FROM " + table + " ORDER BY id"));
    }

    @Test
    void anUpsertGivesNumbersThatPostgresAlwaysGives() throws Exception {
        DatabaseServer server = Servers.of(Vendor.POSTGRESQL);
        server.execute("CREATE TABLE " + table + " (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a INT)");
        try (SinkRun sink = sink(Vendor.POSTGRESQL, "table", table)) {
            assertEquals(List.of(), sink.put("{\"id\":7,\"a\":1}"));
            assertEquals(List.of(), sink.put("{\"id\":7,\"a\":2}"));
        }
        assertEquals(List.of("7|2"), server.query("SELECT * FROM " + table));
    }

    @Test
    void aRowThatThePoliciesOfItsTableKeepOutFailsAlone() throws Exception {
        DatabaseServer server = Servers.of(Vendor.POSTGRESQL);
        server.execute("CREATE TABLE " + table + " (id INT PRIMARY KEY, tenant TEXT)",
                "ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY", "CREATE USER guest_" + table + " PASSWORD 'guest'",
                "GRANT ALL ON " + table + " TO guest_" + table,
                "CREATE POLICY own ON " + table + " USING (true) WITH CHECK (tenant = 'mine')");
        try (SinkRun sink = new SinkRun(Configs.of(JdbcSinkConfig.class, "url", server.url(), "user", "guest_" + table,
                "password", "guest", "table", table))) {
            List<String> failures = sink.put("{\"id\":1,\"tenant\":\"mine\"}", "{\"id\":2,\"tenant\":\"yours\"}");
            assertEquals(1, failures.size(), failures::toString);
            assertTrue(failures.get(0).contains("policy"), failures::toString);
        }
        assertEquals(List.of("1|mine"), server.query("SELECT * FROM " + table));
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB", "MYSQL"})
    void aRowWithoutAPartitionFailsAlone(Vendor vendor) throws Exception {
        DatabaseServer server = Servers.of(vendor);
        if (vendor == Vendor.POSTGRESQL) {
            server.execute("CREATE TABLE " + table + " (id INT PRIMARY KEY) PARTITION BY RANGE (id)",
                    "CREATE TABLE " + table + "_low PARTITION OF " + table + " FOR VALUES FROM (0) TO (10)");
        } else {
            server.execute("CREATE TABLE " + table + " (id INT PRIMARY KEY) PARTITION BY RANGE (id)"
                    + " (PARTITION low VALUES LESS THAN (10))");
        }
        try (SinkRun sink = sink(vendor, "table", table)) {
            List<String> failures = sink.put("{\"id\":1}", "{\"id\":11}");
            assertEquals(1, failures.size(), failures::toString);
            assertTrue(failures.get(0).contains("no partition"), failures::toString);
        }
        assertEquals(List.of("1"), server.query("SELECT * FROM " + table));
    }
}
