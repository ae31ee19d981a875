package dev.emc.meshserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

class AckedRangeTest {

    @Test
    void thePositionIsTheEndOfTheUnbrokenRun() {
        AckedRange range = new AckedRange(10);
        range.add(11);
        range.add(12);
        assertEquals(10, range.position());
        range.add(10);
        assertEquals(13, range.position());
    }

    @Test
    void anEventCountsOnce() {
        AckedRange range = new AckedRange(0);
        assertTrue(range.add(0));
        assertFalse(range.add(0));
        assertTrue(range.add(5));
        assertFalse(range.add(5));
    }

    @Test
    void aLongRunInAnyOrderEndsComplete() {
        List<Long> offsets = new ArrayList<>();
        for (long offset = 0; offset < 300_000; offset++) {
            offsets.add(offset);
        }
        Random random = new Random(1);
        for (int from = 0; from < offsets.size(); from += 1000) {
            Collections.shuffle(offsets.subList(from, from + 1000), random);
        }
        AckedRange range = new AckedRange(0);
        for (long offset : offsets) {
            assertFalse(range.contains(offset));
            assertTrue(range.add(offset));
            assertTrue(range.contains(offset));
        }
        assertEquals(300_000, range.position());
    }
}
