package dev.emc.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class FewEntriesTest {

    private final Map<String, Object> few = new FewEntries(new Object[]{"b", 1, "a", "x", "c", true});

    @Test
    void findsEachNameAlsoAsAnotherObject() {
        assertEquals(1, few.get("b"));
        assertEquals("x", few.get(new String("a")));
        assertTrue(few.containsKey(new String("c")));
        assertNull(few.get("d"));
        assertFalse(few.containsKey("d"));
        assertNull(few.get(null));
    }

    @Test
    void keepsTheOrder() {
        List<String> names = new ArrayList<>();
        few.forEach((name, value) -> names.add(name));
        assertEquals(List.of("b", "a", "c"), names);
        assertEquals(names, new ArrayList<>(few.keySet()));
        assertEquals(3, few.size());
    }

    @Test
    void equalsAnyMapWithTheSameEntries() {
        Map<String, Object> other = Map.of("a", "x", "b", 1, "c", true);
        assertEquals(other, few);
        assertEquals(few, other);
        assertEquals(other.hashCode(), few.hashCode());
        Map<String, Object> reordered = new FewEntries(new Object[]{"c", true, "a", "x", "b", 1});
        assertEquals(few, reordered);
        assertEquals(few.hashCode(), reordered.hashCode());
    }

    @Test
    void differsFromOtherEntries() {
        assertFalse(few.equals(new FewEntries(new Object[]{"b", 1, "a", "x"})));
        assertFalse(few.equals(new FewEntries(new Object[]{"b", 1, "a", "y", "c", true})));
    }

    @Test
    void cannotBeChanged() {
        assertThrows(UnsupportedOperationException.class, () -> few.put("d", 1));
        assertThrows(UnsupportedOperationException.class, () -> few.remove("a"));
        assertThrows(UnsupportedOperationException.class, few::clear);
        assertThrows(UnsupportedOperationException.class, () -> few.entrySet().iterator().next().setValue(2));
        assertEquals(new HashMap<>(Map.of("a", "x", "b", 1, "c", true)), few);
    }
}
