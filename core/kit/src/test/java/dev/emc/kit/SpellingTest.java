package dev.emc.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {

    @ParameterizedTest
    @CsvSource({"a, a, 0", "ab, ba, 1", "abc, abd, 1", "abc, ab, 1", "'', abc, 3", "kitten, sitting, 3"})
    void distanceCountsEditsAndSwaps(String a, String b, int expected) {
        assertEquals(expected, Spelling.distance(a, b));
    }

    @Test
    void theNearestWordIsFoundInAnyCase() {
        assertEquals("fetch.max.bytes", Spelling.nearest("Fetch.max.byte", List.of("fetch.min.bytes", "fetch.max.bytes")));
    }

    @Test
    void nothingIsNearToAWordOfItsOwn() {
        assertNull(Spelling.nearest("zebra", List.of("fetch.min.bytes", "acks")));
    }
}
