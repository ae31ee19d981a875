package dev.emc.meshserver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What goes to the store together: new events, positions, and events to delete. All of it is kept, or nothing. */
final class Batch {

    final Map<Topic, Change> changes = new LinkedHashMap<>();
    /** Publishers to be answered when the batch is safe. */
    final List<Publish> receipts = new ArrayList<>();
    /** What else has to be done then. */
    final List<Runnable> after = new ArrayList<>();
    long bytes;

    Change change(Topic topic) {
        return changes.computeIfAbsent(topic, Change::new);
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Whether somebody waits for it. */
    boolean urgent() {
        return !receipts.isEmpty() || !after.isEmpty();
    }

    /** What changes in one topic. */
    static final class Change {
        final String topic;
        /** Number of the first new event. */
        final long from;
        final List<byte[]> events = new ArrayList<>();
        final Map<String, Long> positions = new HashMap<>();
        /** Events before this one are no longer needed; -1: no change. */
        long trimBefore = -1;
        /** Set by the store: bytes of the events it has deleted, overhead included. */
        long freed;

        private Change(Topic topic) {
            this.topic = topic.name;
            this.from = topic.end();
        }
    }
}
