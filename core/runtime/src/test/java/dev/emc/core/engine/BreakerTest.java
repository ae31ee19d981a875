package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

import org.junit.jupiter.api.Test;

class BreakerTest {

    private static void fail(Breaker breaker, int records) {
        for (int i = 0; i < records; i++) {
            breaker.failed();
        }
    }

    @Test
    void itTripsAtTheLimit() {
        Breaker breaker = new Breaker(3, 5);
        fail(breaker, 2);
        assertFalse(breaker.tripped());
        fail(breaker, 1);
        assertTrue(breaker.tripped());
        assertEquals("all of the last 3 records", breaker.count());
    }

    @Test
    void failuresBeforeTheWindowDoNotCount() {
        Breaker breaker = new Breaker(3, 5);
        fail(breaker, 2);
        breaker.delivered(4);
        fail(breaker, 2);
        assertFalse(breaker.tripped());
    }

    @Test
    void deliveredRecordsInTheWindowAreNamed() {
        Breaker breaker = new Breaker(3, 5);
        breaker.delivered(1000);
        fail(breaker, 3);
        assertTrue(breaker.tripped());
        assertEquals("3 of the last 5 records", breaker.count());
    }

    @Test
    void zeroNeverTrips() {
        Breaker breaker = new Breaker(0, 30);
        fail(breaker, 1000);
        assertFalse(breaker.tripped());
    }

    @Test
    void itAgreesWithAModel() {
        Random random = new Random(7);
        Breaker breaker = new Breaker(4, 9);
        Deque<Boolean> model = new ArrayDeque<>();
        for (int i = 0; i < 10_000; i++) {
            boolean failed = random.nextInt(3) == 0;
            int times = failed ? 1 : random.nextInt(4);
            for (int n = 0; n < times; n++) {
                model.addLast(failed);
                if (model.size() > 9) {
                    model.removeFirst();
                }
            }
            if (failed) {
                breaker.failed();
            } else {
                breaker.delivered(times);
            }
            assertEquals(model.stream().filter(failure -> failure).count() >= 4, breaker.tripped());
        }
    }
}
