package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.emc.core.config.Descriptor.Key;
import dev.emc.core.config.Descriptor.KeyType;
import dev.emc.core.config.Values.BadValue;

class ValuesTest {

    @ParameterizedTest
    @CsvSource({"STRING, a b, a b", "STRING, 0x10, 0x10", "PATH, out/x, out/x", "MAP, x, x", "BOOLEAN, true, true",
            "BOOLEAN, Yes, true", "BOOLEAN, ON, true", "BOOLEAN, False, false", "BOOLEAN, no, false", "BOOLEAN, off, false",
            "INTEGER, 42, 42", "INTEGER, -1, -1", "INTEGER, +7, 7", "INTEGER, 010, 10",
            "INTEGER, -2147483648, -2147483648", "LONG, 9223372036854775807, 9223372036854775807",
            "NUMBER, 0.5, 0.5", "NUMBER, 1e3, 1e3", "NUMBER, -2, -2", "DURATION, 500ms, PT0.5S", "DURATION, 10s, PT10S",
            "DURATION, 5m, PT5M", "DURATION, 1h, PT1H", "DURATION, 2d, PT48H", "DURATION, 0, PT0S",
            "DURATION, PT1M30S, PT1M30S",
            "SIZE, 512, 512", "SIZE, 64K, 65536", "SIZE, 4M, 4194304", "SIZE, 1G, 1073741824", "SIZE, 1T, 1099511627776",
            "SIZE, 4m, 4194304", "SIZE, 10B, 10", "ENUM, one, one", "ENUM, ONE, one", "ENUM, two_words, two-words"})
    void goodValuesComeInTheirNormalForm(KeyType type, String text, String normal) throws BadValue {
        assertEquals(normal, Values.normalise(key(type, false), text));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"BOOLEAN, tru, expected true or false, true",
            "BOOLEAN, 1, expected true or false, -", "INTEGER, 1_000, expected a whole number, 1000",
            "INTEGER, '1,000', expected a whole number, 1000", "INTEGER, ten, expected a whole number, -",
            "INTEGER, 0x10, expected a whole number, -", "INTEGER, 1.5, expected a whole number, -",
            "INTEGER, 2147483648, expected a whole number between -2147483648 and 2147483647, -",
            "LONG, 9223372036854775808, expected a whole number, -", "NUMBER, NaN, expected a number such as 0.5, -",
            "NUMBER, 1f, expected a number such as 0.5, -", "NUMBER, half, expected a number such as 0.5, -",
            "DURATION, 5, 'expected a duration such as 500ms, 10s, 5m, 1h or 1d', 5s",
            "DURATION, 5 min, 'expected a duration such as 500ms, 10s, 5m, 1h or 1d', 5m",
            "DURATION, 5sec, 'expected a duration such as 500ms, 10s, 5m, 1h or 1d', 5s",
            "DURATION, 100 millis, 'expected a duration such as 500ms, 10s, 5m, 1h or 1d', 100ms",
            "DURATION, 5S, 'expected a duration such as 500ms, 10s, 5m, 1h or 1d', 5s",
            "DURATION, -5s, 'expected a duration such as 500ms, 10s, 5m, 1h or 1d', -",
            "DURATION, PT-5S, 'expected a duration such as 500ms, 10s, 5m, 1h or 1d', -",
            "DURATION, 99999999999999999999s, 'expected a duration such as 500ms, 10s, 5m, 1h or 1d', -",
            "DURATION, soon, 'expected a duration such as 500ms, 10s, 5m, 1h or 1d', -",
            "SIZE, 4MB, 'expected a size in bytes such as 512, 64K, 4M or 1G', 4M",
            "SIZE, 4 MiB, 'expected a size in bytes such as 512, 64K, 4M or 1G', 4M",
            "SIZE, big, 'expected a size in bytes such as 512, 64K, 4M or 1G', -",
            "SIZE, -1, 'expected a size in bytes such as 512, 64K, 4M or 1G', -", "SIZE, 99999999999T, is too large a size, -",
            "ENUM, onne, 'expected one, two-words or three', one", "ENUM, zero, 'expected one, two-words or three', -"})
    void badValuesAreSaidWithWhatWasExpected(KeyType type, String text, String message, String suggestion) {
        BadValue problem = assertThrows(BadValue.class, () -> Values.normalise(key(type, false), text));

        assertEquals(message, problem.getMessage());
        assertEquals(suggestion, problem.suggestion());
    }

    @Test
    void theElementsOfAListAreCheckedOneByOne() throws BadValue {
        assertEquals("PT1S,PT2M", Values.normalise(key(KeyType.DURATION, true), "1s, 2m"));
        assertThrows(BadValue.class, () -> Values.normalise(key(KeyType.DURATION, true), "1s, 2x"));
    }

    @Test
    void anEscapedCommaBelongsToItsElement() throws BadValue {
        assertEquals("a\\,b,c", Values.normalise(key(KeyType.STRING, true), "a\\,b, c"));
    }

    @Test
    void aListHasNoEmptyElements() {
        assertThrows(BadValue.class, () -> Values.normalise(key(KeyType.STRING, true), "a,,b"));
    }

    private static Key key(KeyType type, boolean list) {
        return new Key("k", type, false, null, "", false, list,
                type == KeyType.ENUM ? List.of("one", "two-words", "three") : List.of(), List.of());
    }
}
