package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

class RatesTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Rates rates = new Rates();

    @Test
    void aSteadyFlowHasASteadyRate() {
        for (int second = 0; second < 100; second++) {
            double[] now = rates.sample(second * SECOND, second * 500L, second * 400L);
            if (second > 0) {
                assertEquals(500, now[0], 0.001);
                assertEquals(400, now[1], 0.001);
            }
        }
    }

    @Test
    void theRateFollowsWithinSeconds() {
        for (int second = 0; second < 20; second++) {
            rates.sample(second * SECOND, second * 500L, 0);
        }
        double[] now = null;
        for (int second = 20; second < 30; second++) {
            now = rates.sample(second * SECOND, 9500, 0);
        }
        assertEquals(0, now[0], 0.001);
    }

    @Test
    void askingOftenDoesNotDisturb() {
        double[] now = null;
        for (long millis = 0; millis < 10_000; millis++) {
            now = rates.sample(TimeUnit.MILLISECONDS.toNanos(millis), millis * 2, millis);
        }
        assertEquals(2000, now[0], 0.001);
        assertEquals(1000, now[1], 0.001);
    }
}
