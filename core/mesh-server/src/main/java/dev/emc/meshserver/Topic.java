package dev.emc.meshserver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of a topic, numbered from 0, and the groups that read them. The newest are in memory; without a data folder
 * all are. Used on the broker's thread.
 */
final class Topic {

    /** What an event costs in memory and on disk besides its bytes. */
    static final int OVERHEAD = 48;

    final String name;
    final Map<String, Group> groups = new LinkedHashMap<>();
    final List<Group> broadcasts = new ArrayList<>();
    /** Events that wait for room, in the order they came. */
    final Deque<Publish> waiting = new ArrayDeque<>();
    /** Bytes of all kept events, overhead included. */
    long bytes;
    /** Whether the user was told that this topic is full, and it still is or nearly so. */
    boolean full;
    boolean trimDue;
    /** Groups see events before this one; after it they are not on disk yet. */
    long visible;
    /** Oldest kept event. */
    private long first;
    private long end;
    private byte[][] ring = new byte[64][];
    /** Oldest event in {@link #ring}. */
    private long cached;
    private long cachedBytes;

    Topic(String name, long first, long end, long bytes) {
        this.name = name;
        this.first = first;
        this.end = end;
        this.visible = end;
        this.cached = end;
        this.bytes = bytes;
    }

    long first() {
        return first;
    }

    /** Number that the next event gets. */
    long end() {
        return end;
    }

    long cachedBytes() {
        return cachedBytes;
    }

    /** @return the number of the event */
    long append(byte[] event) {
        int size = (int) (end - cached);
        if (size == ring.length) {
            byte[][] bigger = new byte[ring.length * 2][];
            for (long offset = cached; offset < end; offset++) {
                bigger[(int) (offset & bigger.length - 1)] = ring[index(offset)];
            }
            ring = bigger;
        }
        ring[index(end)] = event;
        cachedBytes += cost(event);
        bytes += cost(event);
        return end++;
    }

    /** @return the event, or null when it isn't in memory */
    byte[] cached(long offset) {
        return offset >= cached ? ring[index(offset)] : null;
    }

    /** Forgets the oldest events in memory until they take at most so many bytes; never one that isn't on disk yet. */
    long evict(long atMost) {
        long before = cachedBytes;
        while (cachedBytes > atMost && cached < visible) {
            drop();
        }
        shrink();
        return before - cachedBytes;
    }

    /** Forgets the events before this one. @return the bytes of memory that this frees */
    long trim(long before) {
        long bytes = cachedBytes;
        while (cached < before && cached < end) {
            drop();
        }
        first = before;
        shrink();
        return bytes - cachedBytes;
    }

    private void drop() {
        int index = index(cached);
        cachedBytes -= cost(ring[index]);
        ring[index] = null;
        cached++;
    }

    private void shrink() {
        if (cached == end && ring.length > 4096) {
            ring = new byte[64][];
        }
    }

    private int index(long offset) {
        return (int) (offset & ring.length - 1);
    }

    static int cost(byte[] event) {
        return event.length + OVERHEAD;
    }

    boolean hasGroups() {
        return !groups.isEmpty() || !broadcasts.isEmpty();
    }

    /** Event before which every group has acknowledged all; {@link #first} when there is no group. */
    long acknowledged() {
        if (!hasGroups()) {
            return first;
        }
        return Math.min(lowest(groups.values()), lowest(broadcasts));
    }

    private static long lowest(Collection<Group> groups) {
        long lowest = Long.MAX_VALUE;
        for (Group group : groups) {
            lowest = Math.min(lowest, group.position());
        }
        return lowest;
    }
}
