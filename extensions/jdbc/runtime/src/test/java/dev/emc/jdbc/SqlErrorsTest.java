package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;

class SqlErrorsTest {

    @ParameterizedTest
    @CsvSource({"08006,0,CONNECTION", "57P01,0,CONNECTION", "25006,0,CONNECTION", "HY000,1290,CONNECTION", "40001,0,BUSY",
            "40P01,0,BUSY", "55P03,0,BUSY", "57014,0,BUSY", "53100,0,BUSY", "HY000,1205,BUSY", "70100,1969,BUSY",
            "HYT00,50200,BUSY",
            "22001,0,ROW", "23505,0,ROW", "45000,1644,ROW", "P0001,0,ROW", "HY000,1366,ROW", "HY000,1526,ROW", "HY000,3988,ROW",
            "28P01,0,SETUP", "3D000,0,SETUP",
            "42P01,0,SETUP", "42501,0,SETUP", "42S02,1146,SETUP", "28000,1045,SETUP", ",0,CONNECTION"})
    void aStateHasAKind(String state, int number, SqlErrors.Kind kind) {
        assertEquals(kind, SqlErrors.kind(new SQLException("x", state, number)));
    }

    @Test
    void eachKindBecomesWhatTheWorkerDoesAboutIt() {
        assertInstanceOf(RetryableException.class, SqlErrors.on(new SQLException("x", "08006"), "write"));
        assertInstanceOf(PermanentException.class, SqlErrors.on(new SQLException("x", "22001"), "write"));
        assertInstanceOf(FatalException.class, SqlErrors.on(new SQLException("x", "42P01"), "write"));
    }

    private static String reason(String message) {
        return SqlErrors.reason(new SQLException(message, "23505"));
    }

    @Test
    void theReasonIsForPeople() {
        assertEquals("duplicate key Detail: Key (id)=(1) (SQLState 23505)",
                reason("ERROR: duplicate key\n  Detail: Key (id)=(1)"));
        assertEquals("Data too long for column 'a' (SQLState 23505)", reason("(conn=7) Data too long for column 'a'"));
        assertEquals("Table \"X\" not found (SQLState 23505)",
                reason("Table \"X\" not found; SQL statement:\nINSERT 'secret'"));
        assertEquals("Broken: \"Connection refused: x\" (SQLState 23505)",
                reason("Broken: \"java.net.ConnectException: Connection refused: x\""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "jdbc:postgresql://u:p@h:5432/db?password=x|jdbc:postgresql://h:5432/db",
            "jdbc:h2:tcp://h/db;PASSWORD=x|jdbc:h2:tcp://h/db",
            "jdbc:mysql://a:1,b:2/db|jdbc:mysql://a:1,b:2/db"})
    void anAddressHasNoSecrets(String url, String address) {
        assertEquals(address, JdbcUrl.address(url));
    }
}
