package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.emc.api.RetryableException;

class BackoffTest {

    private static final RetryableException BUSY = new RetryableException("busy");

    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

    private static void between(long low, long high, long nanos) {
        double millis = nanos / 1e6;
        assertTrue(millis >= low && millis <= high, millis + " ms is not between " + low + " and " + high);
    }

    @Test
    void delaysDoubleUpToTheLimit() {
        between(50, 100, backoff.next(BUSY));
        between(100, 200, backoff.next(BUSY));
        between(200, 400, backoff.next(BUSY));
        between(400, 800, backoff.next(BUSY));
        for (int i = 0; i < 100; i++) {
            between(500, 1000, backoff.next(BUSY));
        }
    }

    @Test
    void delaysDiffer() {
        Set<Long> delays = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            delays.add(backoff.next(BUSY));
        }
        assertTrue(delays.size() > 50);
    }

    @Test
    void aResetBeginsAfresh() {
        for (int i = 0; i < 10; i++) {
            backoff.next(BUSY);
        }
        backoff.reset();
        between(50, 100, backoff.next(BUSY));
    }

    @Test
    void theOutsideSystemMayAskForMore() {
        assertEquals(Duration.ofMinutes(2).toNanos(),
                backoff.next(new RetryableException("slow down", null, Duration.ofMinutes(2))));
    }

    @Test
    void theOutsideSystemCanNotAskForLess() {
        between(50, 100, backoff.next(new RetryableException("slow down", null, Duration.ofMillis(1))));
    }

    @Test
    void theLongestDelaysDoNotOverflow() {
        Backoff longest = new Backoff(Duration.ofDays(1), Duration.ofNanos(Long.MAX_VALUE));
        for (int i = 0; i < 100; i++) {
            assertTrue(longest.next(BUSY) > 0);
        }
    }
}
