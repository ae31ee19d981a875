package dev.emc.core.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Records whose turn at the target comes later, while others go on. They are in flight all the time, which bounds them. The
 * worker's thread only.
 */
final class Parked {

    /** Those of one kind are told the same time, less what has passed since: they must not overtake each other for that. */
    private static final long SLACK = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Comparator<Item> BY_TURN = Comparator.comparingLong(item -> item.at);

    private final List<Item> items = new ArrayList<>();
    private long added;

    /** @param number in the order in which they were first received */
    private record Item(Received received, long at, long number) {}

    /** Keeps one until a time of {@link System#nanoTime()}. */
    void add(Received received, long at) {
        if (received.parkedAs < 0) {
            received.parkedAs = added++;
        }
        items.add(new Item(received, at, received.parkedAs));
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** How long it is until the first turn, in nanoseconds; 0 when it has come. */
    long untilNext(long now) {
        return items.isEmpty() ? Long.MAX_VALUE : Math.max(0, items.stream().min(BY_TURN).orElseThrow().at - now);
    }

    /** Takes those whose turn has come, in the order in which they were received; at most so many. */
    List<Received> due(long now, int most) {
        if (items.isEmpty() || untilNext(now) > 0) {
            return List.of();
        }
        List<Item> due = items.stream().filter(item -> item.at - now <= SLACK)
                .sorted(Comparator.comparingLong(Item::number)).limit(most).toList();
        items.removeAll(due);
        return due.stream().map(Item::received).toList();
    }
}
