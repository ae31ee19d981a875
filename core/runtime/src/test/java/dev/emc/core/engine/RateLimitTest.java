package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

class RateLimitTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** How many records go within these seconds when as many as may go at once always do. */
    private static long sent(double perSecond, int seconds) {
        RateLimit rate = new RateLimit(perSecond, 0);
        long sent = 0;
        for (long now = 0; now < seconds * SECOND; now += Math.max(1, rate.delay(now, 1))) {
            int records = rate.available(now);
            rate.used(records);
            sent += records;
        }
        return sent;
    }

    @Test
    void theRateHolds() {
        assertEquals(10_000, sent(1000, 10), 2);
        assertEquals(100, sent(10, 10), 2);
    }

    @Test
    void aRateBelowOneHolds() {
        assertEquals(50, sent(0.5, 100), 1);
        assertEquals(3, sent(0.01, 300), 1);
    }

    @Test
    void afterAnIdleTimeNoMoreThanATenthOfASecondGoesAtOnce() {
        RateLimit rate = new RateLimit(1000, 0);
        assertEquals(100, rate.available(3600 * SECOND));
        assertEquals(100, rate.burst());
    }

    @Test
    void oneRecordMayAlwaysGoInTheEnd() {
        RateLimit rate = new RateLimit(0.5, 0);
        assertEquals(1, rate.burst());
        rate.used(rate.available(0));
        assertEquals(2 * SECOND, rate.delay(0, 1));
        assertEquals(0, rate.delay(2 * SECOND, 1));
    }

    @Test
    void withoutALimitNothingWaits() {
        RateLimit rate = new RateLimit(Double.POSITIVE_INFINITY, 0);
        rate.used(1_000_000);
        assertTrue(rate.unlimited());
        assertEquals(Integer.MAX_VALUE, rate.available(0));
        assertEquals(Integer.MAX_VALUE, rate.burst());
        assertEquals(0, rate.delay(0, 1_000_000));
    }

    @Test
    void moreThanAllowedIsPaidForLater() {
        RateLimit rate = new RateLimit(10, 0);
        rate.used(11);
        assertEquals(0, rate.available(SECOND / 2));
        assertEquals(SECOND * 6 / 10, rate.delay(SECOND / 2, 1), 2);
    }
}
