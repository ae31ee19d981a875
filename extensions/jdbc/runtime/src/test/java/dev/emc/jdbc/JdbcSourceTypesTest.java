package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.emc.api.SourceRecord;

/** What the values of each type become in the JSON of an event. */
@TestInstance(Lifecycle.PER_CLASS)
class JdbcSourceTypesTest {

    private static int count;

    private final DatabaseServer postgres = Servers.of(Vendor.POSTGRESQL);
    private final DatabaseServer mariaDb = Servers.of(Vendor.MARIADB);
    private final DatabaseServer mySql = Servers.of(Vendor.MYSQL);
    private final DatabaseServer h2 = Servers.of(Vendor.H2);

    @BeforeAll
    void makeTypes() throws Exception {
        postgres.execute("CREATE TYPE mood AS ENUM ('sad', 'happy')", "CREATE TYPE pair AS (a INT, b TEXT)",
                "CREATE DOMAIN positive AS INT CHECK (VALUE > 0)");
    }

    private static SourceRecord read(DatabaseServer server, String type, String value) throws Exception {
        String table = "types_" + ++count;
        server.execute("CREATE TABLE " + table + " (id INT PRIMARY KEY, v " + type + ")",
                "INSERT INTO " + table + " VALUES (1, " + value + ")");
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("tables", table)) {
            return runner.take(source, 1).get(0);
        }
    }

    private static void assertBecomes(DatabaseServer server, String type, String value, String json) throws Exception {
        SourceRecord record = read(server, type, value);
        assertNull(record.problem(), () -> record.problem().getMessage());
        String name = server.vendor() == Vendor.H2 ? "{\"ID\":1,\"V\":" : "{\"id\":1,\"v\":";
        assertEquals(name + json + "}", record.text(), type);
    }

    static Stream<Arguments> ofPostgres() {
        return Stream.of(Arguments.of("SMALLINT", "-32768", "-32768"), Arguments.of("INT", "NULL", "null"),
                Arguments.of("BIGINT", "9223372036854775807", "9223372036854775807"),
                Arguments.of("NUMERIC", "12345678901234567890.123456789012345678901234567890",
                        "12345678901234567890.123456789012345678901234567890"),
                Arguments.of("NUMERIC(10,2)", "1.5", "1.50"), Arguments.of("NUMERIC", "1e30", "1" + "0".repeat(30)),
                Arguments.of("NUMERIC", "'NaN'", "\"NaN\""), Arguments.of("FLOAT4", "3.4028235e38", "3.4028235e+38"),
                Arguments.of("FLOAT8", "0.1", "0.1"), Arguments.of("FLOAT8", "'-Infinity'", "\"-Infinity\""),
                Arguments.of("FLOAT8", "1.7976931348623157e308", "1.7976931348623157e+308"),
                Arguments.of("BOOLEAN", "true", "true"),
                Arguments.of("TEXT", "E'a\"\\\\\\n\\u0001漢'", "\"a\\\"\\\\\\n\\u0001漢\""),
                Arguments.of("TEXT", "''", "\"\""), Arguments.of("CHAR(3)", "'a'", "\"a  \""),
                Arguments.of("TIMESTAMPTZ", "'2026-03-29 02:30:00.123456+05:30'", "\"2026-03-28T21:00:00.123456Z\""),
                Arguments.of("TIMESTAMPTZ", "'infinity'", "\"infinity\""),
                Arguments.of("TIMESTAMP", "'2026-03-29 02:30:00.1'", "\"2026-03-29T02:30:00.1\""),
                Arguments.of("TIMESTAMP", "'0044-03-15 12:00:00 BC'", "\"0044-03-15 12:00:00 BC\""),
                Arguments.of("DATE", "'2026-02-28'", "\"2026-02-28\""), Arguments.of("TIME", "'23:59:59.999999'",
                        "\"23:59:59.999999\""),
                Arguments.of("TIMETZ", "'12:00:00+02'", "\"12:00:00+02:00\""),
                Arguments.of("TIMETZ", "'12:00:00-03:30'", "\"12:00:00-03:30\""),
                Arguments.of("INTERVAL", "'1 year 2 days 3 hours'", "\"P1Y2DT3H\""),
                Arguments.of("BYTEA", "'\\x00ff10'", "\"AP8Q\""), Arguments.of("BYTEA", "''", "\"\""),
                Arguments.of("JSON", "'{\"a\": 1.000, \"b\": [null]}'", "{\"a\": 1.000, \"b\": [null]}"),
                Arguments.of("JSONB", "'\"x\"'", "\"x\""), Arguments.of("JSONB", "'null'", "null"),
                Arguments.of("UUID", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\""),
                Arguments.of("MOOD", "'happy'", "\"happy\""), Arguments.of("POSITIVE", "7", "7"),
                Arguments.of("PAIR", "ROW(1, 'x y')", "\"(1,\\\"x y\\\")\""),
                Arguments.of("INET", "'10.0.0.1/8'", "\"10.0.0.1/8\""),
                Arguments.of("BIT(4)", "B'0101'", "\"0101\""), Arguments.of("INT4RANGE", "'[1,5)'", "\"[1,5)\""),
                Arguments.of("INT[]", "'{1,NULL,3}'", "[1,null,3]"),
                Arguments.of("INT[][]", "'{{1,2},{3,4}}'", "[[1,2],[3,4]]"),
                Arguments.of("INT[]", "'{}'", "[]"), Arguments.of("INT[]", "'[2:3]={5,6}'", "[5,6]"),
                Arguments.of("TEXT[]", "ARRAY['a,b', 'NULL', NULL, 'q\"\\}', '']",
                        "[\"a,b\",\"NULL\",null,\"q\\\"\\\\}\",\"\"]"),
                Arguments.of("TIMESTAMPTZ[]", "ARRAY['2026-01-01 00:00+01'::timestamptz]", "[\"2025-12-31T23:00:00Z\"]"),
                Arguments.of("JSONB[]", "ARRAY['{\"a\":[1]}'::jsonb]", "[{\"a\": [1]}]"),
                Arguments.of("BYTEA[]", "ARRAY['\\x01'::bytea]", "[\"AQ==\"]"),
                Arguments.of("BOOLEAN[]", "'{t,f}'", "[true,false]"),
                Arguments.of("NUMERIC[]", "'{1.10}'", "[1.10]"), Arguments.of("MOOD[]", "'{sad}'", "[\"sad\"]"));
    }

    @ParameterizedTest
    @MethodSource
    void ofPostgres(String type, String value, String json) throws Exception {
        assertBecomes(postgres, type, value, json);
    }

    static Stream<Arguments> ofBoth() {
        return Stream.of(Arguments.of("TINYINT(1)", "5", "5"), Arguments.of("BOOLEAN", "true", "1"),
                Arguments.of("INT", "NULL", "null"), Arguments.of("BIGINT UNSIGNED", "18446744073709551615",
                        "18446744073709551615"),
                Arguments.of("INT(6) ZEROFILL", "42", "42"), Arguments.of("DECIMAL(40,20)",
                        "12345678901234567890.10000000000000000001", "12345678901234567890.10000000000000000001"),
                Arguments.of("FLOAT", "1234567.8", "1234567.8"), Arguments.of("DOUBLE", "0.1", "0.1"),
                Arguments.of("BIT(1)", "1", "true"), Arguments.of("BIT(12)", "2730", "2730"),
                Arguments.of("YEAR", "2026", "2026"),
                Arguments.of("DATE", "'2026-02-28'", "\"2026-02-28\""),
                Arguments.of("DATETIME(6)", "'2026-03-29 02:30:00.123456'", "\"2026-03-29T02:30:00.123456\""),
                Arguments.of("DATETIME", "'2026-03-29 02:30:00'", "\"2026-03-29T02:30:00\""),
                Arguments.of("TIMESTAMP(3) NULL", "'2026-03-29 02:30:00.120'", "\"2026-03-29T02:30:00.120Z\""),
                Arguments.of("TIME(3)", "'-123:00:00.500'", "\"-123:00:00.500\""),
                Arguments.of("TEXT", "'a\"漢🙂'", "\"a\\\"漢🙂\""), Arguments.of("VARBINARY(10)", "x'00ff10'", "\"AP8Q\""),
                Arguments.of("LONGBLOB", "x''", "\"\""), Arguments.of("ENUM('sad','happy')", "'happy'", "\"happy\""),
                Arguments.of("SET('a','b','c')", "'a,c'", "\"a,c\""), Arguments.of("JSON", "'{\"a\": [1.25, null]}'",
                        "{\"a\": [1.25, null]}"));
    }

    @ParameterizedTest
    @MethodSource("ofBoth")
    void ofMariaDb(String type, String value, String json) throws Exception {
        assertBecomes(mariaDb, type, value, json);
    }

    @ParameterizedTest
    @MethodSource("ofBoth")
    void ofMySql(String type, String value, String json) throws Exception {
        assertBecomes(mySql, type, value, json);
    }

    @Test
    void uuidsAndAddressesOfMariaDb() throws Exception {
        assertBecomes(mariaDb, "UUID", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"");
        assertBecomes(mariaDb, "INET6", "'::1'", "\"::1\"");
    }

    static Stream<Arguments> ofH2() {
        return Stream.of(Arguments.of("BIGINT", "9223372036854775807", "9223372036854775807"),
                Arguments.of("NUMERIC(40,20)", "1.5", "1.50000000000000000000"), Arguments.of("DECFLOAT(30)", "1E+20",
                        "1" + "0".repeat(20)),
                Arguments.of("REAL", "0.1", "0.1"), Arguments.of("BOOLEAN", "true", "true"),
                Arguments.of("VARCHAR(10)", "NULL", "null"),
                Arguments.of("TIMESTAMP(9)", "'2026-03-29 02:30:00.123456789'", "\"2026-03-29T02:30:00.123456789\""),
                Arguments.of("TIMESTAMP(6) WITH TIME ZONE", "'2026-01-01 00:00:00+01:00'", "\"2025-12-31T23:00:00Z\""),
                Arguments.of("TIME WITH TIME ZONE", "'12:00:00+02:00'", "\"12:00:00+02:00\""),
                Arguments.of("DATE", "'2026-02-28'", "\"2026-02-28\""), Arguments.of("VARBINARY", "X'00ff10'", "\"AP8Q\""),
                Arguments.of("UUID", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\""),
                Arguments.of("JSON", "JSON '{\"a\": [1]}'", "{\"a\":[1]}"),
                Arguments.of("INT ARRAY", "ARRAY[1, NULL]", "[1,null]"),
                Arguments.of("INT ARRAY ARRAY", "ARRAY[ARRAY[1, NULL], ARRAY[2]]", "[[1,null],[2]]"),
                Arguments.of("ENUM('sad', 'happy')", "'happy'", "\"happy\""), Arguments.of("CLOB", "'x'", "\"x\""));
    }

    @ParameterizedTest
    @MethodSource
    void ofH2(String type, String value, String json) throws Exception {
        assertBecomes(h2, type, value, json);
    }

    @Test
    void aDateOfZerosOfMySqlIsKept() throws Exception {
        mariaDb.execute("SET sql_mode = ''");
        try {
            assertBecomes(mariaDb, "DATETIME", "'0000-00-00 00:00:00'", "\"0000-00-00T00:00:00\"");
        } finally {
            mariaDb.execute("SET sql_mode = DEFAULT");
        }
    }

    /** Such a database takes any bytes for text. */
    @Test
    void aValueThatCantBeReadIsTheProblemOfItsRow() throws Exception {
        postgres.execute("CREATE DATABASE anything ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        String url = postgres.url().replace("/" + DatabaseServer.NAME, "/anything");
        try (Connection connection = postgres.vendor().driver().connect(url, ofUser());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id INT PRIMARY KEY, v TEXT, w INT)");
            statement.execute("INSERT INTO t VALUES (1, convert_from('\\xff', 'SQL_ASCII'), 7), (2, 'x', 8)");
        }
        JdbcSourceRunner runner = new JdbcSourceRunner(postgres);
        try (JdbcSource source = runner.start("tables", "t", "url", url)) {
            List<SourceRecord> records = runner.take(source, 2);
            String problem = records.get(0).problem().getMessage();
            assertTrue(problem.startsWith("The row of table public.t with the key [1] can't be read: "), problem);
            assertEquals("public.t/1", records.get(0).id());
            assertNull(records.get(1).problem());
        }
    }

    private static java.util.Properties ofUser() {
        java.util.Properties properties = new java.util.Properties();
        properties.setProperty("user", DatabaseServer.USER);
        properties.setProperty("password", DatabaseServer.PASSWORD);
        return properties;
    }
}
