package dev.emc.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

class PositionTest {

    @Test
    void wholeNumbersAreLong() {
        Position position = new Position(Map.of("a", 1, "b", (short) 2), Map.of("c", (byte) 3, "d", true, "e", "x"));
        assertEquals(Map.of("a", 1L, "b", 2L), position.partition());
        assertEquals(Map.of("c", 3L, "d", true, "e", "x"), position.offset());
    }

    @Test
    void madeOfNamesAndValuesItIsTheSame() {
        Position position = Position.of(Map.of("file", "f"), "byte", 7, "path", "/p");
        assertEquals(new Position(Map.of("file", "f"), Map.of("path", "/p", "byte", 7L)), position);
        assertEquals(new Position(Map.of("file", "f"), Map.of("path", "/p", "byte", 7L)).hashCode(), position.hashCode());
    }

    @Test
    void thePartitionOfAPositionIsTakenAsItIs() {
        Map<String, Object> partition = new Position(Map.of("file", "f"), Map.of()).partition();
        assertSame(partition, Position.of(partition, "byte", 1).partition());
    }

    @Test
    void aMapThatIsChangedLaterChangesNothing() {
        Map<String, Object> offset = new HashMap<>(Map.of("byte", 1L));
        Position position = new Position(Map.of(), offset);
        offset.put("byte", 2L);
        assertEquals(Map.of("byte", 1L), position.offset());
    }

    @Test
    void otherValuesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Position(Map.of("a", 1.5), Map.of()));
        assertThrows(IllegalArgumentException.class, () -> Position.of(Map.of(), "a", new Object()));
    }

    @Test
    void manyEntriesAreTheSameAsFew() {
        Map<String, Object> offset = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            offset.put("n" + i, (long) i);
        }
        assertEquals(offset, new Position(Map.of(), offset).offset());
    }
}
