package dev.emc.meshserver;

import java.util.BitSet;

/** Which events of a topic a group has acknowledged: all before {@link #position}, and some after it. */
final class AckedRange {

    private static final int SHIFT_AT = 1 << 16;

    private final BitSet acked = new BitSet();
    /** Event that bit 0 stands for. */
    private long base;
    private long position;

    AckedRange(long position) {
        this.base = position;
        this.position = position;
    }

    /** End of the unbroken run of acknowledged events. */
    long position() {
        return position;
    }

    /** @return false when the event had been acknowledged before */
    boolean add(long offset) {
        if (contains(offset)) {
            return false;
        }
        acked.set((int) (offset - base));
        if (offset == position) {
            position = base + acked.nextClearBit((int) (position - base));
            if (position - base > SHIFT_AT) {
                shift();
            }
        }
        return true;
    }

    boolean contains(long offset) {
        return offset < position || acked.get((int) (offset - base));
    }

    private void shift() {
        BitSet rest = acked.get((int) (position - base), acked.length());
        acked.clear();
        acked.or(rest);
        base = position;
    }
}
