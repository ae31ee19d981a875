package dev.emc.core.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import dev.emc.api.Position;
import dev.emc.core.engine.Entry.Fate;

/**
 * Takes care of the records of a source that can never be sent, each when it is its turn: after all before it in its
 * partition. So the breaker sees them among the delivered ones as they stood in the source. The worker's thread only.
 */
final class Refusals {

    private final PositionTracker tracker;
    private final Outbox outbox;
    private final Commits commits;
    private final FailedRecords failed;
    private final Completion completion;
    private final BooleanSupplier lease;
    /** Refused and not yet taken care of. */
    final List<Entry> open = new ArrayList<>();
    private boolean retrying;

    /** @param lease whether this process is still the only active one: dead letters may go to the mesh, too */
    Refusals(PositionTracker tracker, Outbox outbox, Commits commits, FailedRecords failed, Completion completion,
            BooleanSupplier lease) {
        this.tracker = tracker;
        this.outbox = outbox;
        this.commits = commits;
        this.failed = failed;
        this.completion = completion;
        this.lease = lease;
    }

    /** Takes care of those whose turn it is. */
    void advance(long now) throws Stop, InterruptedException {
        if (open.isEmpty() || now - failed.retryAt() < 0 || !lease.getAsBoolean()) {
            return;
        }
        commits.collect();
        List<Entry> due = new ArrayList<>();
        tracker.finished(entry -> finished(entry, due));
        List<DeadLetter> letters = due.stream().map(entry -> entry.trouble.letter).toList();
        retrying = !failed.settle(letters);
        if (!retrying) {
            for (Entry entry : due) {
                entry.trouble.fate = failed.kept() ? Fate.DEAD : Fate.DROPPED;
                outbox.finished(entry);
            }
            open.removeIf(Entry::isAccepted);
            failed.check();
        }
    }

    private boolean finished(Entry entry, List<Entry> due) {
        if (entry.isRefused() && !entry.isAccepted()) {
            if (entry.trouble.letter == null) {
                DeadLetter letter = letter(entry);
                if (!failed.failed(letter)) {
                    return false;
                }
                entry.trouble.letter = letter;
            }
            due.add(entry);
        } else if (!entry.counted && entry.fate() == null) {
            entry.counted = true;
            failed.delivered(1);
        }
        return true;
    }

    private DeadLetter letter(Entry entry) {
        Position position = entry.progress instanceof Position at ? at : null;
        return failed.letter(completion.complete(entry), null, position, entry.trouble.refusal, entry.trouble.attempts,
                entry.record.problem() != null);
    }

    /** Whose partition was given up is somebody else's to take care of. */
    void forgotten() {
        open.removeIf(Entry::isForgotten);
    }

    /** When to {@link #advance} again at the latest. */
    long dueAt() {
        return retrying ? failed.retryAt() : Long.MAX_VALUE;
    }
}
