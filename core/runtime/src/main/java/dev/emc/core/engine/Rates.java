package dev.emc.core.engine;

import java.util.concurrent.TimeUnit;

/** Records per second over the last few seconds, from samples taken when somebody asks. */
final class Rates {

    private static final int SAMPLES = 8;
    private static final long SPACING = TimeUnit.MILLISECONDS.toNanos(500);

    private final long[] times = new long[SAMPLES];
    private final long[] received = new long[SAMPLES];
    private final long[] delivered = new long[SAMPLES];
    private int count;
    private double receivedRate;
    private double deliveredRate;

    /** Both rates now: received, delivered. */
    synchronized double[] sample(long now, long receivedNow, long deliveredNow) {
        if (count == 0 || now - times[(count - 1) % SAMPLES] >= SPACING) {
            if (count > 0) {
                int oldest = count < SAMPLES ? 0 : count % SAMPLES;
                double seconds = (now - times[oldest]) / 1e9;
                receivedRate = (receivedNow - received[oldest]) / seconds;
                deliveredRate = (deliveredNow - delivered[oldest]) / seconds;
            }
            int slot = count % SAMPLES;
            times[slot] = now;
            received[slot] = receivedNow;
            delivered[slot] = deliveredNow;
            count++;
            if (count == 2 * SAMPLES) {
                count = SAMPLES;
            }
        }
        return new double[]{receivedRate, deliveredRate};
    }
}
