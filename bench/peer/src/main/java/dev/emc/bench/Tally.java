package dev.emc.bench;

import java.util.BitSet;

/** Counts numbered events: how many, and how many different ones. Not for several threads. */
final class Tally {

    private final BitSet seen = new BitSet();
    private long count;
    private int distinct;
    private long strange;

    /** @param number of the event, or -1 when it has none */
    void add(int number) {
        count++;
        if (number < 0) {
            strange++;
        } else if (!seen.get(number)) {
            seen.set(number);
            distinct++;
        }
    }

    int distinct() {
        return distinct;
    }

    /** Events that came again. */
    long duplicates() {
        return count - strange - distinct;
    }

    /** Events that are none of ours. */
    long strange() {
        return strange;
    }
}
