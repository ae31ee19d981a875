package dev.emc.redis;

/** How many records to ask for at once, so that large ones don't fill the memory. */
final class ReadSize {

    private static final int MOST_BYTES = 16 << 20;
    private static final int FIRST = 100;

    private double average;

    /** @param max how many are wanted */
    int count(int max) {
        int fitting = average == 0 ? FIRST : (int) Math.max(1, MOST_BYTES / average);
        return Math.min(max, fitting);
    }

    /** Learns the size of one more in bytes. */
    void read(int bytes) {
        average = average == 0 ? bytes : average + (bytes - average) / 16;
    }
}
