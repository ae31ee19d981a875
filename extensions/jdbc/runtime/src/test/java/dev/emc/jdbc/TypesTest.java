package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each type of each database takes, and what it doesn't. */
class TypesTest {

    /** Writes one value into a column of a type. @return the failures */
    private static List<String> write(DatabaseServer server, String table, String type, String value, String... settings)
            throws Exception {
        server.execute("CREATE TABLE " + table + " (id INT PRIMARY KEY, v " + type + ")");
        List<Object> keys = new ArrayList<>(List.of("table", table));
        keys.addAll(List.of(settings));
        try (SinkRun sink = new SinkRun(Configs.sink(server, keys.toArray()))) {
            return sink.put("{\"id\":1,\"v\":" + value + "}");
        }
    }

    private static void assertStored(Vendor vendor, String type, String value, String expected) throws Exception {
        DatabaseServer server = Servers.of(vendor);
        String table = Servers.newTable();
        assertEquals(List.of(), write(server, table, type, value));
        String text = switch (vendor) {
            case POSTGRESQL -> type.equals("bytea") ? "encode(v, 'hex')" : "v::text";
            case MARIADB, MYSQL -> type.contains("BINARY") || type.contains("BLOB")
                    ? "HEX(v)"
                    : type.startsWith("BIT") ? "v + 0" : "CAST(v AS CHAR)";
            case H2 -> type.contains("BINARY") || type.contains("BLOB") ? "RAWTOHEX(v)" : "CAST(v AS VARCHAR)";
        };
        assertEquals(List.of(expected), server.query("SELECT " + text + " FROM " + table));
    }

    private static void assertRefused(Vendor vendor, String type, String value, String why) throws Exception {
        DatabaseServer server = Servers.of(vendor);
        String table = Servers.newTable();
        List<String> failures = write(server, table, type, value);
        assertEquals(1, failures.size(), failures::toString);
        assertTrue(failures.get(0).contains(why), failures::toString);
        assertEquals(0, server.number("SELECT count(*) FROM " + table));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "NULL", value = {
            "int2|-32768|-32768", "int4|2147483647|2147483647", "int4|\"42\"|42", "int4|42.0|42",
            "int8|9223372036854775807|9223372036854775807", "numeric(10,2)|1.50|1.50",
            "numeric(10,2)|\"12345678.90\"|12345678.90",
            "numeric|0.12345678901234567890123456789|0.12345678901234567890123456789",
            "numeric|1e30|1000000000000000000000000000000",
            "real|1.5|1.5", "double precision|1e308|1e+308", "double precision|\"NaN\"|NaN", "boolean|true|true",
            "boolean|\"no\"|false",
            "boolean|1|true", "text|\"Grüße 漢字 🙂\"|Grüße 漢字 🙂", "text|17|17", "text|{\"a\":[1,2]}|{\"a\":[1,2]}",
            "varchar(3)|\"äöü\"|äöü", "varchar(2)|\"🙂🙂\"|🙂🙂", "char(3)|\"abc\"|abc", "date|\"2026-02-28\"|2026-02-28",
            "date|\"2026-02-28T00:00:00\"|2026-02-28", "time|\"23:59:59.123456\"|23:59:59.123456",
            "timetz|\"10:00:00+02:00\"|10:00:00+02",
            "timestamp|\"2026-02-28T23:59:59.123456\"|2026-02-28 23:59:59.123456",
            "timestamp|\"2026-02-28T23:00:00+02:00\"|2026-02-28 21:00:00",
            "timestamp|\"2026-02-28 23:00:00\"|2026-02-28 23:00:00", "timestamp|\"2026-02-28\"|2026-02-28 00:00:00",
            "timestamptz|\"2026-02-28T23:00:00+02:00\"|2026-02-28 21:00:00+00",
            "timestamptz|\"2026-02-28T23:00:00Z\"|2026-02-28 23:00:00+00",
            "timestamptz|\"2026-02-28T23:00:00\"|2026-02-28 23:00:00+00", "bytea|\"AAEC/w==\"|000102ff", "bytea|\"\"|``",
            "uuid|\"7f0c0a3e-8f4e-4a6e-9d5f-0123456789ab\"|7f0c0a3e-8f4e-4a6e-9d5f-0123456789ab", "json|{\"a\":1}|{\"a\":1}",
            "jsonb|[1,\"x\",null]|[1, \"x\", null]", "jsonb|\"text\"|\"text\"", "jsonb|1.50|1.50", "jsonb|true|true",
            "int4|null|NULL",
            "int4[]|[1,null,3]|{1,NULL,3}", "text[]|[\"a\",\"b,c\",\"d\\\"e\",\"\\\\\"]|{a,\"b,c\",\"d\\\"e\",\"\\\\\"}",
            "int4[][]|[[1,2],[3,4]]|{{1,2},{3,4}}", "timestamptz[]|[\"2026-02-28T23:00:00Z\"]|{\"2026-02-28 23:00:00+00\"}",
            "numeric(5,2)[]|[1.25]|{1.25}", "jsonb[]|[{\"a\":1}]|{\"{\\\"a\\\": 1}\"}", "bytea[]|[\"AAE=\"]|{\"\\\\x0001\"}",
            "inet|\"10.0.0.1\"|10.0.0.1/32", "interval|\"1 day 2 hours\"|1 day 02:00:00", "bit(3)|\"101\"|101",
            "money|\"12.50\"|$12.50",
            "numeric|\"NaN\"|NaN", "numeric|\"-Infinity\"|-Infinity", "numeric(2,-3)|12000|12000",
            "numeric[]|[\"NaN\",1]|{NaN,1}", "date|\"infinity\"|infinity", "date|\"0044-03-15 BC\"|0044-03-15 BC",
            "date|\"-0043-03-15\"|0044-03-15 BC", "date|\"10000-01-01\"|10000-01-01",
            "date[]|[\"-infinity\",\"0001-02-29 BC\",\"+10000-01-01\"]|{-infinity,\"0001-02-29 BC\",10000-01-01}",
            "timestamp|\"-infinity\"|-infinity", "timestamp|\"0044-03-15 12:00:00 BC\"|0044-03-15 12:00:00 BC",
            "timestamptz|\"infinity\"|infinity", "timestamptz|\"0044-03-15 12:00:00+00 BC\"|0044-03-15 12:00:00+00 BC",
            "timestamptz[]|[\"infinity\",\"10000-01-01T00:00:00Z\"]|{infinity,\"10000-01-01 00:00:00+00\"}",
            "timestamp[]|[\"0044-03-15 12:00:00 BC\"]|{\"0044-03-15 12:00:00 BC\"}",
            "time|\"24:00:00\"|24:00:00", "time[]|[\"24:00:00\",\"10:00\"]|{24:00:00,10:00:00}",
            "int4[]|[[1,null],[null,2]]|{{1,NULL},{NULL,2}}", "text[]|[\"NULL\",null,\"\"]|{\"NULL\",NULL,\"\"}",
            "int4 GENERATED BY DEFAULT AS IDENTITY|7|7", "xml|\"<a/>\"|<a/>", "point|\"(1,2)\"|(1,2)",
            "int4range|\"[1,5)\"|[1,5)"})
    void postgresStores(String type, String value, String expected) throws Exception {
        assertStored(Vendor.POSTGRESQL, type, value, expected == null ? "null" : expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "int2|32768|column \"v\" (int2) doesn't take the number 32768: it is out of range", "int4|2147483648|out of range",
            "int8|9223372036854775808|out of range", "int4|1.5|is no whole number", "int4|\"x\"|the text x: it is no number",
            "int4|1e1000000|out of range", "int4|true|the boolean true: it is no number",
            "int4|[1]|the array [1]: it is no number",
            "numeric(5,2)|1.234|has 3 decimal places",
            "numeric(5,2)|1000|column \"v\" (numeric(5,2)) doesn't take the number 1000",
            "real|1e40|out of range", "double precision|1e400|out of range", "boolean|2|neither true nor false",
            "varchar(3)|\"abcd\"|has 4 characters", "text|\"a\\u0000b\"|NUL",
            "date|\"2026-02-30\"|is no date as ISO 8601 writes it",
            "date|\"2026-02-28T10:00:00\"|is no date", "timestamp|\"yesterday\"|is no time as ISO 8601 writes it",
            "timestamptz|1700000000000|connector.epoch", "bytea|\"*\"|isn't base64", "uuid|\"x\"|is no UUID",
            "int4[]|1|is no array",
            "int4[]|[\"x\"]|is no number", "jsonb|\"a\\u0000\"|refused by table", "inet|\"x\"|refused by table",
            "numeric|1e131072|out of range", "numeric|1e-16384|out of range", "numeric(5,2)|\"Infinity\"|refused by table",
            "name|\"0123456789012345678901234567890123456789012345678901234567890123\"|has 64 characters",
            "text|\"\\ud800\"|half a surrogate pair", "text[]|[\"\\udc00\"]|half a surrogate pair",
            "jsonb|\"\\ud83d\"|half a surrogate pair", "tsvector|\"'\"|refused by table", "tsquery|\"a &\"|refused by table",
            "jsonpath|\"$.\"|refused by table", "regclass|\"no_such\"|refused by table", "int4[]|[[1],[2,3]]|refused by table",
            "int4 NOT NULL|null|can't be null", "int4 CHECK (v > 5)|1|refused by table"})
    void postgresRefuses(String type, String value, String why) throws Exception {
        assertRefused(Vendor.POSTGRESQL, type, value, why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"TINYINT|-128|-128", "TINYINT(1)|true|1", "BOOLEAN|false|0",
            "TINYINT UNSIGNED|255|255", "SMALLINT UNSIGNED|65535|65535", "MEDIUMINT|8388607|8388607",
            "INT UNSIGNED|4294967295|4294967295",
            "BIGINT UNSIGNED|18446744073709551615|18446744073709551615",
            "DECIMAL(65,30)|1.000000000000000000000000000001|1.000000000000000000000000000001",
            "FLOAT|1.5|1.5", "DOUBLE|-1.25|-1.25", "BIT(1)|true|1", "BIT(8)|200|200",
            "VARCHAR(3) CHARACTER SET utf8mb4|\"äö🙂\"|äö🙂",
            "TEXT|{\"a\":1}|{\"a\":1}", "ENUM('a','b')|\"b\"|b", "SET('a','b')|\"a,b\"|a,b", "DATE|\"2026-02-28\"|2026-02-28",
            "TIME(3)|\"10:00:00.5\"|10:00:00.500", "DATETIME(6)|\"2026-02-28T23:59:59.123456\"|2026-02-28 23:59:59.123456",
            "DATETIME|\"2026-02-28T23:00:00+02:00\"|2026-02-28 21:00:00",
            "TIMESTAMP(3) NULL|\"2026-07-28T23:00:00.5+02:00\"|2026-07-28 21:00:00.500",
            "TINYINT(1)|5|5", "TINYINT(1)|\"off\"|0", "TIME|\"-123:00:00\"|-123:00:00", "TIME(1)|\"838:59:58.5\"|838:59:58.5",
            "INT AUTO_INCREMENT UNIQUE|0|0", "YEAR|2026|2026", "VARBINARY(4)|\"AAEC/w==\"|000102FF", "LONGBLOB|\"AAEC\"|000102",
            "JSON|{\"a\": [1]}|{\"a\": [1]}"})
    void mariaDbAndMySqlStore(String type, String value, String expected) throws Exception {
        assertStored(Vendor.MARIADB, type, value, expected);
        assertStored(Vendor.MYSQL, type, value, expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"TINYINT|128|out of range", "TINYINT UNSIGNED|256|out of range",
            "TINYINT UNSIGNED|-1|out of range", "MEDIUMINT|8388608|out of range", "INT UNSIGNED|4294967296|out of range",
            "BIGINT UNSIGNED|18446744073709551616|out of range", "DECIMAL(5,2)|1.234|has 3 decimal places",
            "FLOAT|1e40|out of range",
            "VARCHAR(3)|\"abcd\"|has 4 characters", "ENUM('a','b')|\"c\"|refused by table", "DATE|\"2026-02-30\"|is no date",
            "TINYINT(1)|128|out of range", "TINYINT(1)|\"maybe\"|neither true nor false", "TIME|\"999:00:00\"|refused by table",
            "TEXT|\"\\ud800\"|half a surrogate pair", "VARBINARY(2)|\"AAEC\"|has 3 bytes", "YEAR|1800|refused by table",
            "BIT(2)|4|out of range",
            "INT NOT NULL|null|can't be null"})
    void mariaDbAndMySqlRefuse(String type, String value, String why) throws Exception {
        assertRefused(Vendor.MARIADB, type, value, why);
        assertRefused(Vendor.MYSQL, type, value, why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"TINYINT|-128|-128",
            "BIGINT|9223372036854775807|9223372036854775807",
            "NUMERIC(10,2)|1.50|1.50", "DECFLOAT(20)|1.5|1.5", "REAL|1.5|1.5", "DOUBLE PRECISION|-1.25|-1.25",
            "BOOLEAN|true|TRUE",
            "VARCHAR(3)|\"äöü\"|äöü", "CLOB|\"text\"|text", "DATE|\"2026-02-28\"|2026-02-28",
            "TIME(6)|\"10:00:00.5\"|10:00:00.5",
            "TIMESTAMP(6)|\"2026-02-28T23:59:59.123456\"|2026-02-28 23:59:59.123456",
            "TIMESTAMP(3) WITH TIME ZONE|\"2026-02-28T23:00:00+02:00\"|2026-02-28 23:00:00+02",
            "VARBINARY(4)|\"AAEC/w==\"|000102ff",
            "UUID|\"7f0c0a3e-8f4e-4a6e-9d5f-0123456789ab\"|7f0c0a3e-8f4e-4a6e-9d5f-0123456789ab",
            "JSON|{\"a\":[1]}|{\"a\":[1]}",
            "JSON|\"text\"|\"text\"", "INTEGER ARRAY|[1,2]|[1, 2]", "INTEGER ARRAY ARRAY|[[1,null],[2]]|[[1, null], [2]]",
            "ENUM('a','b')|\"b\"|b"})
    void h2Stores(String type, String value, String expected) throws Exception {
        assertStored(Vendor.H2, type, value, expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"TINYINT|128|out of range",
            "NUMERIC(5,2)|1.234|has 3 decimal places",
            "VARCHAR(3)|\"abcd\"|has 4 characters", "ENUM('a','b')|\"c\"|refused by table", "UUID|\"x\"|is no UUID",
            "INT NOT NULL|null|can't be null"})
    void h2Refuses(String type, String value, String why) throws Exception {
        assertRefused(Vendor.H2, type, value, why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"seconds|1772319600|2026-02-28 23:00:00+00",
            "millis|1772319600123|2026-02-28 23:00:00.123+00",
            "micros|1772319600123456|2026-02-28 23:00:00.123456+00", "millis|-1|1969-12-31 23:59:59.999+00",
            "seconds|1.5|1970-01-01 00:00:01.5+00"})
    void numbersAreTimesWhenTheirUnitIsGiven(String unit, String value, String expected) throws Exception {
        DatabaseServer server = Servers.of(Vendor.POSTGRESQL);
        String table = Servers.newTable();

        assertEquals(List.of(), write(server, table, "timestamptz", value, "epoch", unit));

        assertEquals(List.of(expected), server.query("SELECT v::text FROM " + table));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"timestamp|\"2026-07-01T10:00:00Z\"|2026-07-01 12:00:00",
            "timestamptz|\"2026-07-01T10:00:00\"|2026-07-01 08:00:00+00"})
    void timesWithoutAnOffsetAreOfTheTimeZone(String type, String value, String expected) throws Exception {
        DatabaseServer server = Servers.of(Vendor.POSTGRESQL);
        String table = Servers.newTable();

        assertEquals(List.of(), write(server, table, type, value, "timezone", "Europe/Berlin"));

        assertEquals(List.of(expected), server.query("SELECT v::text FROM " + table));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"bytea|\"AAEC\"|\\x000102", "jsonb|\"text\"|\"text\"",
            "int[]|[1,2]|{1,2}", "timestamptz|\"2026-02-28T23:00:00\"|2026-02-28 23:00:00+00"})
    void domainsOfPostgresAreLikeTheirTypes(String type, String value, String expected) throws Exception {
        DatabaseServer server = Servers.of(Vendor.POSTGRESQL);
        String table = Servers.newTable();
        server.execute("CREATE DOMAIN d1_" + table + " AS " + type, "CREATE DOMAIN d2_" + table + " AS d1_" + table);

        assertEquals(List.of(), write(server, table, "d2_" + table, value));

        assertEquals(List.of(expected), server.query("SELECT v::text FROM " + table));
    }

    @Test
    void datesOfZerosArePassedOn() throws Exception {
        assertStored(Vendor.MARIADB, "DATE", "\"0000-00-00\"", "0000-00-00");
        assertStored(Vendor.MARIADB, "DATETIME", "\"0000-00-00T00:00:00\"", "0000-00-00 00:00:00");
        assertRefused(Vendor.MYSQL, "DATE", "\"0000-00-00\"", "refused by table");
    }
}
