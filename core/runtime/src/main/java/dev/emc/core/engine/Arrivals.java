package dev.emc.core.engine;

import java.util.ArrayList;
import java.util.List;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.SourceRecord;
import dev.emc.core.engine.Entry.Fate;

/** What a source worker does with the records of a poll: counts, completes, filters, transforms and sends them. One thread. */
final class Arrivals {

    private final ConnectorWorker worker;
    private final PositionTracker tracker;
    private final Completion completion;
    private final Processing processing;
    private final Commits commits;
    private final Outbox outbox;
    private final Refusals refusals;
    private final RateLimit rate;
    private final Room room;
    private final List<Entry> sendable = new ArrayList<>();

    Arrivals(ConnectorWorker worker, PositionTracker tracker, Completion completion, Processing processing, Commits commits,
            Outbox outbox, Refusals refusals, RateLimit rate, Room room) {
        this.worker = worker;
        this.tracker = tracker;
        this.completion = completion;
        this.processing = processing;
        this.commits = commits;
        this.outbox = outbox;
        this.refusals = refusals;
        this.rate = rate;
        this.room = room;
    }

    /** Takes in what was polled, one record or more. */
    void take(List<SourceRecord> records) {
        int count = records.size();
        worker.metrics.received(count);
        worker.metrics.batch(count);
        commits.add(records);
        int before = outbox.unaccepted();
        outbox.add(count);
        long bytes = 0;
        sendable.clear();
        for (int i = 0; i < count; i++) {
            bytes += records.get(i).size();
            Entry entry = tracker.add(records.get(i));
            if (prepare(entry)) {
                sendable.add(entry);
            }
        }
        rate.used(sendable.size());
        if (!sendable.isEmpty()) {
            sendable.get(sendable.size() - 1).sentAt = System.nanoTime();
            if (!worker.settings.strictOrder()) {
                sendable.forEach(outbox::send);
                outbox.flush();
            }
        }
        room.polled(count, bytes, before);
    }

    /** Completes, filters and transforms a record; false when it doesn't go to the mesh. */
    private boolean prepare(Entry entry) {
        SourceRecord whole = completion.complete(entry);
        entry.outgoing = whole;
        Exception problem = whole.problem();
        if (problem == null) {
            try {
                ConnectorRecord outgoing = processing.process(whole);
                if (outgoing == null) {
                    entry.trouble().fate = Fate.FILTERED;
                    outbox.finished(entry);
                    return false;
                }
                entry.outgoing = outgoing;
                return true;
            } catch (Exception error) {
                problem = error;
            }
        }
        entry.refuse(problem);
        refusals.open.add(entry);
        return false;
    }
}
