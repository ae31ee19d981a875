package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;

import org.junit.jupiter.api.Test;

class EventIdsTest {

    @Test
    void valuesStandInTheOrderOfTheirNames() {
        assertEquals("false:3:orders", EventIds.part(Map.of("b", 3L, "c", "orders", "a", false)));
    }

    @Test
    void pathsStayReadable() {
        assertEquals("/var/log/my-app.log", EventIds.part(Map.of("file", "/var/log/my-app.log")));
    }

    @Test
    void textsWithSeparatorsAreNotMixedUp() {
        assertNotEquals(EventIds.part(Map.of("a", "x:y", "b", "z")), EventIds.part(Map.of("a", "x", "b", "y:z")));
        assertNotEquals(EventIds.part(Map.of("a", "x:y")), EventIds.part(Map.of("a", "x%3Ay")));
    }

    @Test
    void aLongTextBecomesAHash() {
        String id = EventIds.part(Map.of("file", "x".repeat(1000)));
        assertEquals(40, id.length());
        assertTrue(id.matches("[0-9a-f]+"), id);
    }

    @Test
    void longTextsThatDifferHaveOtherHashes() {
        assertNotEquals(EventIds.part(Map.of("file", "x".repeat(1000) + "1")),
                EventIds.part(Map.of("file", "x".repeat(1000) + "2")));
    }
}
