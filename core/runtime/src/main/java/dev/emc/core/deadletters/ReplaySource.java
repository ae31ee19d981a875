package dev.emc.core.deadletters;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

import dev.emc.api.Acknowledgement;
import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;
import dev.emc.wire.EventFormatException;

/**
 * Gives dead letters to a source worker in place of the outside system's records: those that aren't replayed yet, oldest
 * first. What is committed is marked as replayed: the mesh has accepted it now, or it is kept as another dead letter. The
 * worker's registry must be one of its own: the positions are those at which the records stood.
 */
public final class ReplaySource implements Source {

    /** A poll ends once it has read so much, in bytes. */
    private static final long ENOUGH = 4 << 20;

    private final Replay replay;
    private final Predicate<DeadLetterEntry> selection;
    /** Ids of the letters whose records stand at a position and aren't committed yet. */
    private final Map<SourceRecord, String> underWay = new IdentityHashMap<>();
    /** Ids of the letters of records without a position that are done and not marked yet. */
    private final Queue<String> accepted = new ConcurrentLinkedQueue<>();
    private DeadLetterReader reader;
    private boolean ended;
    private long skipped;

    /**
     * @param replay is not closed here
     * @param selection which letters to replay
     */
    public ReplaySource(Replay replay, Predicate<DeadLetterEntry> selection) {
        this.replay = replay;
        this.selection = selection;
    }

    @Override
    public void start(SourceContext context) throws IOException {
        reader = replay.read();
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws IOException, FatalException {
        mark();
        List<SourceRecord> records = new ArrayList<>();
        long bytes = 0;
        while (records.size() < max && bytes < ENOUGH) {
            DeadLetterEntry entry = next();
            if (entry == null) {
                ended = true;
                break;
            }
            if (entry.replayed() || !selection.test(entry)) {
                continue;
            }
            try {
                records.add(record(entry));
                bytes += entry.size();
            } catch (EventFormatException unreadable) {
                skipped++;
            }
        }
        return records;
    }

    /** What failed once has left the reader in the middle of a line. */
    private DeadLetterEntry next() throws FatalException {
        try {
            return reader.next();
        } catch (IOException e) {
            throw replay.file().unreadable(e);
        }
    }

    private SourceRecord record(DeadLetterEntry entry) throws EventFormatException {
        Optional<Position> position = entry.position();
        if (position.isPresent()) {
            SourceRecord record = entry.record(SourceRecord.at(position.get()));
            underWay.put(record, entry.id());
            return record;
        }
        return entry.record(SourceRecord.acknowledgedBy(new Acknowledgement() {
            @Override
            public void accepted() {
                accepted.add(entry.id());
            }

            @Override
            public void rejected(Exception reason) {
                // not marked: it is replayed another time
            }
        }));
    }

    @Override
    public void commit(List<SourceRecord> done) throws IOException {
        for (SourceRecord record : done) {
            String id = underWay.remove(record);
            if (id != null) {
                accepted.add(id);
            }
        }
        mark();
    }

    private void mark() throws IOException {
        for (String id = accepted.poll(); id != null; id = accepted.poll()) {
            replay.done(id);
        }
        replay.flush();
    }

    @Override
    public boolean exhausted() {
        return ended;
    }

    /** How many of the selected letters are no readable record and stay as they are. */
    public long skipped() {
        return skipped;
    }

    @Override
    public void close() throws IOException {
        mark();
        if (reader != null) {
            reader.close();
        }
    }
}
