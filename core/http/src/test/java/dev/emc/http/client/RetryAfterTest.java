package dev.emc.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @ParameterizedTest
    @CsvSource({"0,0", "120,120", "' 3 ',3", "'Sun, 22 Nov 2026 10:00:30 GMT',30", "'Sun, 22 Nov 2026 09:00:00 GMT',0",
            "999999999,86400"})
    void secondsAndDatesAreRead(String value, long seconds) {
        assertEquals(Duration.ofSeconds(seconds), RetryAfter.parse(value, NOW).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1e9", "99999999999999", "2026-11-22"})
    void anythingElseIsNothing(String value) {
        assertEquals(true, RetryAfter.parse(value, NOW).isEmpty());
    }

    @Test
    void noHeaderIsNothing() {
        assertEquals(true, RetryAfter.parse(null, NOW).isEmpty());
    }
}
