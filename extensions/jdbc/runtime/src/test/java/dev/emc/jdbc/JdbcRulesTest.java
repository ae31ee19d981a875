package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.emc.api.ConfigProblem;

/** What {@code validate} says of the sink's own keys. */
class JdbcRulesTest {

    private static String problems(Object... keysAndValues) {
        Object[] all = new Object[keysAndValues.length + 4];
        System.arraycopy(new Object[]{"url", "jdbc:postgresql://h/db", "table", "orders"}, 0, all, 0, 4);
        System.arraycopy(keysAndValues, 0, all, 4, keysAndValues.length);
        List<ConfigProblem> problems = new JdbcSink(Configs.of(JdbcSinkConfig.class, all)).validate();
        return problems.stream().map(problem -> problem.key() + ": " + problem.message()
                + (problem.suggestion() == null ? "" : "; " + problem.suggestion())).collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "url|postgresql://h/db|url: is no address of a database that this connector knows; begin it with jdbc:postgresql:, jdbc:mariadb:, jdbc:mysql: or jdbc:h2:",
            "table|a.b.c|table: is no name of a table, which is name or schema.name",
            "row|after|row: \"after\" is no JSON pointer, which begins with a slash",
            "unknown-fields|column|unknown-fields: column needs a column; set connector.unknown-fields-column",
            "fields|none|fields: none leaves nothing to write; set connector.columns",
            "schema|create|schema: a new table needs a primary key with connector.mode: upsert; set connector.key",
            "delete-when|{type}=x|delete-when: has no effect without connector.deletes; set connector.deletes to true",
            "timezone|Mars/Olympus|timezone: \"Mars/Olympus\" is not known; use a name such as Europe/Berlin or UTC",
            "connect-timeout|0s|connect-timeout: must be more than 0",
            "tls.ca|/x.pem|tls.ca: has no effect without TLS; set tls.enabled to true"})
    void aUserIsTold(String key, String value, String expected) {
        assertEquals(expected, problems(key, value));
    }

    @Test
    void aGoodConfigurationIsPassed() {
        assertEquals("",
                problems("table", "sales.{type}-{/kind|none}", "columns.id", "{id}", "columns.city", "/customer/city", "row",
                        "/after", "deletes", "true", "delete-when", "{/op}=d", "delete-row", "/before", "schema", "evolve",
                        "key", "id,city"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"SET a = 1|[SET a = 1]",
            "SET a = 'x;y'; SET b = 2;|[SET a = 'x;y', SET b = 2]",
            " ; |[]", "SET a = \"q'; \"; SET b = 'it''s;'|[SET a = \"q'; \", SET b = 'it''s;']"})
    void initialStatementsAreDividedOutsideOfQuotes(String script, String expected) {
        assertEquals(expected, SqlScript.statements(script).toString());
    }
}
