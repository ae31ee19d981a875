package dev.emc.core.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

class JsonLogFormatterTest {

    @Test
    void aRecordIsOneObjectOnOneLine() throws IOException {
        var log = new ExtLogRecord(Level.WARN, "%s has \"%s\"\nand more", ExtLogRecord.FormatStyle.PRINTF, "x");
        log.setParameters(new Object[]{"file", "quotes"});
        log.setLoggerName("dev.emc");
        log.setInstant(Instant.parse("2026-11-22T10:15:00.123Z"));

        String line = new JsonLogFormatter().format(log);

        assertTrue(line.endsWith("}\n"));
        assertEquals(1, line.lines().count());
        JsonNode json = new ObjectMapper().readTree(line);
        assertEquals("2026-11-22T10:15:00.123Z", json.path("timestamp").asText());
        assertEquals("WARN", json.path("level").asText());
        assertEquals("dev.emc", json.path("logger").asText());
        assertEquals("file has \"quotes\"\nand more", json.path("message").asText());
        assertFalse(json.has("exception"));
    }

    @Test
    void anExceptionIsAFieldOfItsOwn() throws IOException {
        var log = new ExtLogRecord(Level.ERROR, "failed", "x");
        log.setThrown(new IllegalStateException("no luck"));

        assertTrue(new ObjectMapper().readTree(new JsonLogFormatter().format(log)).path("exception").asText()
                .startsWith("java.lang.IllegalStateException: no luck\n"));
    }

    @ParameterizedTest
    @CsvSource({"SEVERE, ERROR", "WARNING, WARN", "CONFIG, INFO", "INFO, INFO", "FINE, DEBUG", "FINER, TRACE", "FINEST, TRACE"})
    void levelsOfJavasOwnLoggingHaveTheUsualNames(String level, String expected) throws IOException {
        var log = new ExtLogRecord(java.util.logging.Level.parse(level), "said", "x");

        assertEquals(expected, new ObjectMapper().readTree(new JsonLogFormatter().format(log)).path("level").asText());
    }

    @Test
    void whatIsSaidBeforeThereIsALogLooksTheSame() throws IOException {
        String line = JsonLogFormatter.line(Instant.parse("2026-11-22T10:15:00.123456789Z"), "ERROR", "no \"file\"");

        assertEquals(
                "{\"timestamp\":\"2026-11-22T10:15:00.123456Z\",\"level\":\"ERROR\",\"logger\":\"dev.emc\",\"thread\":\"main\","
                        + "\"message\":\"no \\\"file\\\"\"}\n",
                line);
    }
}
