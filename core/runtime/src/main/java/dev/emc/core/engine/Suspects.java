package dev.emc.core.engine;

import java.util.Collection;
import java.util.concurrent.TimeUnit;

import dev.emc.api.PermanentException;

/**
 * Finds a record that makes the mesh cut the connection, each time. What was under way at several cuts is suspect, and is sent
 * alone: what the mesh accepts then is innocent. Before what was cut off alone is tried again, another record is sent, to see that
 * the mesh does take some. So a record is only to blame for a cut right after it was sent alone over a connection that had lasted
 * and had just worked, and only after several of those; a mesh or network that comes and goes is never mistaken for it. Where there
 * is no other record, it takes more cuts. The worker's thread only.
 */
final class Suspects {

    /** Cuts after which what was under way is suspect. */
    private static final int CUTS = 3;
    /** Cuts that a record has to bring about alone, when the mesh took others in between; and when there are no others. */
    private static final int PROOFS = 3;
    private static final int PROOFS_WITHOUT_OTHERS = 6;
    /** How long the connection must have lasted before a record is sent whose guilt is to be proven. */
    private static final long STEADY = TimeUnit.SECONDS.toNanos(1);
    /** A cut later than this after sending isn't the record's doing. */
    private static final long SOON = TimeUnit.SECONDS.toNanos(2);

    /** Under way, and nothing else; since when, and what was known when it was sent. */
    private Entry alone;
    private long aloneSince;
    private boolean wasSteady;
    private boolean wasWorking;
    private boolean wasOnlyOne;
    private boolean any;
    /** Since when the connection stands, as far as is known; and whether the mesh has taken a record over it. */
    private long steadySince = System.nanoTime();
    private boolean working;

    /** The mesh can be reached again. */
    void connected(long now) {
        steadySince = now;
        working = false;
    }

    /** The mesh was cut off while this record was under way; returns why it is never sent again, null when it is. */
    PermanentException cut(Entry entry, Exception error, long now) {
        Entry.Trouble trouble = entry.trouble();
        trouble.cuts++;
        any |= isSuspect(entry);
        connected(now);
        if (entry != alone) {
            return null;
        }
        alone = null;
        if (wasSteady && now - aloneSince <= SOON) {
            trouble.proofs += wasWorking ? 1 : 0;
            trouble.weakProofs += wasOnlyOne ? 1 : 0;
        }
        if (trouble.proofs < PROOFS && trouble.weakProofs < PROOFS_WITHOUT_OTHERS) {
            return null;
        }
        return new PermanentException("the mesh cuts the connection each time right after this event was sent, "
                + Math.max(trouble.proofs, trouble.weakProofs)
                + " times while nothing else was under way; look into the server's"
                + " log (" + Errors.sentence(error) + ")");
    }

    /** It was answered otherwise. */
    void done(Entry entry) {
        if (entry == alone) {
            alone = null;
        }
    }

    /**
     * Whether records have to go one by one.
     *
     * @param waiting all that is to be sent
     */
    boolean active(Collection<Entry> waiting) {
        if (any) {
            if (alone != null && alone.isAccepted()) {
                working = true;
                alone = null;
            } else if (alone != null && alone.isForgotten()) {
                alone = null;
            }
            any = alone != null || waiting.stream().anyMatch(Suspects::isSuspect);
        }
        return any;
    }

    /** Whether one is under way alone. */
    boolean isTrying() {
        return alone != null;
    }

    /** Takes out the next one, to be sent alone. */
    Entry next(Collection<Entry> waiting, long now) {
        Entry next = choose(waiting);
        waiting.remove(next);
        alone = next;
        aloneSince = now;
        wasSteady = now - steadySince >= STEADY;
        wasWorking = working;
        wasOnlyOne = waiting.stream().allMatch(Suspects::wasCutOffAlone);
        return next;
    }

    /**
     * When the next one may be sent.
     *
     * @param earliest not before
     */
    long dueAt(Collection<Entry> waiting, long earliest) {
        Entry next = choose(waiting);
        return next != null && wasCutOffAlone(next) ? Math.max(earliest, steadySince + STEADY) : earliest;
    }

    /** First what was not tried alone; then what is no suspect, to see whether the mesh works; then the suspect itself. */
    private Entry choose(Collection<Entry> waiting) {
        Entry innocent = null;
        Entry suspect = null;
        for (Entry entry : waiting) {
            if (wasCutOffAlone(entry)) {
                suspect = suspect == null ? entry : suspect;
            } else if (isSuspect(entry)) {
                return entry;
            } else if (innocent == null) {
                innocent = entry;
            }
        }
        return suspect == null || innocent != null && !working ? innocent : suspect;
    }

    private static boolean isSuspect(Entry entry) {
        return entry.trouble != null && entry.trouble.cuts >= CUTS;
    }

    private static boolean wasCutOffAlone(Entry entry) {
        return entry.trouble != null && entry.trouble.cuts > CUTS;
    }
}
