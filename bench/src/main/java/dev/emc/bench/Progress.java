package dev.emc.bench;

import java.util.ArrayList;
import java.util.List;

/** When how many events were done. */
final class Progress {

    /** A pause of that long is a lost connection: the SDK's client comes back with its next heartbeat, after up to 30 s. */
    private static final long AWAY = 5_000_000_000L;

    long count;
    private final List<long[]> points = new ArrayList<>();

    void at(long now, long count) {
        if (count > this.count) {
            points.add(new long[]{now, count});
            this.count = count;
        }
    }

    /** What a program on the SDK's client has told. */
    void at(Child child, int all) {
        int step = Math.max(1, all / Marks.STEPS);
        while (count < all) {
            long next = count == 0 ? 1 : Math.min(count - count % step + step, all);
            Long time = child.mark(Long.toString(next));
            if (time == null) {
                return;
            }
            at(time, next);
        }
    }

    long first() {
        return points.get(0)[0];
    }

    /** Events per second after that many. */
    double rate(long from) {
        int start = 0;
        while (points.get(start)[1] < from) {
            start++;
        }
        long[] begin = points.get(start);
        long[] end = points.get(points.size() - 1);
        return (end[1] - begin[1]) * 1e9 / (end[0] - begin[0] - away(start));
    }

    /** Nanoseconds without a connection after a point. */
    long away(int start) {
        long away = 0;
        for (int i = start + 1; i < points.size(); i++) {
            long pause = points.get(i)[0] - points.get(i - 1)[0];
            away += pause > AWAY ? pause : 0;
        }
        return away;
    }
}
