package dev.emc.core.engine;

/** How many records a source may be asked for, so that what is in flight stays within its bounds. One thread. */
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
    /** About how long a record is. */
    private long recordBytes;
    private boolean measured;

    Room(WorkerSettings settings) {
        this.maxRecords = settings.inFlightMaxRecords();
        this.maxBytes = settings.inFlightMaxBytes();
        this.most = (int) Math.min(settings.batchMaxRecords(), Math.max(1, maxRecords / 2));
        this.recordBytes = Math.max(1, maxBytes / FIRST_POLL_SHARE);
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

    /** So many records of so many bytes came. */
    void polled(int records, long bytes) {
        long average = bytes / records;
        recordBytes = measured ? Math.max(average, (recordBytes * 3 + average) / 4) : average;
        measured = true;
    }
}
