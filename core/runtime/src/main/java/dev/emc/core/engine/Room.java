package dev.emc.core.engine;

/**
 * How many records a source may be asked for, so that what is in flight stays within its bounds, and when: what is read long
 * before the mesh can take it only makes the garbage collector copy it. One thread.
 */
final class Room {

    /** Until the first records tell how long they are, a poll may take this part of the bytes that may be in flight. */
    private static final int FIRST_POLL_SHARE = 32;
    /**
     * Accepted records that wait for an earlier one, in multiples of those that may be unaccepted: one answer that is lost
     * must not stop a fast stream until it is sent again.
     */
    private static final int ACCEPTED_AHEAD = 8;

    private final long maxRecords;
    private final long maxBytes;
    private final int most;
    private final int window;
    /** With more unaccepted records than this the source isn't asked. */
    private int enough;
    /** Whether the source wasn't asked because there were enough. */
    private boolean waited;
    /** About how long a record is. */
    private long recordBytes;
    private boolean measured;

    /** @param window records that can be on their way to the mesh at once */
    Room(WorkerSettings settings, int window) {
        this.maxRecords = settings.inFlightMaxRecords();
        this.maxBytes = settings.inFlightMaxBytes();
        this.most = (int) Math.min(settings.batchMaxRecords(), Math.max(1, maxRecords / 2));
        this.recordBytes = Math.max(1, maxBytes / FIRST_POLL_SHARE);
        this.window = window;
        this.enough = (int) Math.min(maxRecords - most, 2L * window);
    }

    /** How many records keep the mesh busy while the source is asked for more. */
    int enough() {
        return enough;
    }

    /** Whether so many unaccepted records are enough for now. */
    boolean isEnough(int unaccepted) {
        waited |= unaccepted > enough;
        return unaccepted > enough;
    }

    /**
     * How many records may be polled now; 0 while too little room is left for a poll that is worth it.
     *
     * @param unaccepted records that the mesh has not accepted
     * @param held all records that were taken in and are not committed
     * @param heldBytes the size of those in bytes
     */
    int forPoll(int unaccepted, int held, long heldBytes) {
        long byBytes = (maxBytes - heldBytes) / recordBytes;
        long byRecords = Math.min(maxRecords - unaccepted, ACCEPTED_AHEAD * maxRecords - held);
        long room = Math.min(byRecords, byBytes);
        if (held == 0) {
            return (int) Math.max(1, Math.min(most, room));
        }
        long least = Math.min(most, Math.max(1, maxBytes / recordBytes / 2));
        return room < least ? 0 : (int) Math.min(most, room);
    }

    /**
     * So many records of so many bytes came.
     *
     * @param unaccepted how many others the mesh has still not accepted
     */
    void polled(int records, long bytes, int unaccepted) {
        if (waited && unaccepted < window) {
            // the mesh could have taken more: the source, or a commit, takes its time
            enough = (int) Math.min(maxRecords - most, 2L * enough);
        }
        waited = false;
        long average = bytes / records;
        recordBytes = measured ? Math.max(average, (recordBytes * 3 + average) / 4) : average;
        measured = true;
    }
}
