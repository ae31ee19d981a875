package dev.emc.meshserver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A client that has said hello: its subscriptions and what was pushed to it. Used on the broker's thread. */
final class Session {

    final Client client;
    final String group;
    final List<Group> groups = new ArrayList<>();
    /** Pushed and not acknowledged, by seq, the oldest push first. */
    final Map<Long, InFlight> inFlight = new LinkedHashMap<>();
    private final int window;
    boolean listening;
    boolean closed;
    /** Events of this session that wait for room in their topics. */
    int waiting;
    private long inFlightBytes;

    Session(Client client, String group, int window) {
        this.client = client;
        this.group = group;
        this.window = window;
    }

    /** Whether it may be given one more event. */
    boolean hasRoom(MeshServerConfig config) {
        return ready() && inFlight.size() < window && inFlightBytes < config.windowBytes;
    }

    /** Whether it takes events at all at this moment. */
    boolean ready() {
        return listening && !closed && client.writable();
    }

    void add(InFlight entry) {
        inFlight.put(entry.seq, entry);
        inFlightBytes += entry.size;
    }

    InFlight remove(long seq) {
        InFlight entry = inFlight.remove(seq);
        if (entry != null) {
            inFlightBytes -= entry.size;
        }
        return entry;
    }

    /** An entry was taken out of {@link #inFlight}, because another session has acknowledged its event. */
    void settled(InFlight entry) {
        inFlightBytes -= entry.size;
        if (!entry.expired) {
            entry.group.unacked--;
        }
    }

    /** Forgets all that was pushed. */
    void clear() {
        inFlight.clear();
        inFlightBytes = 0;
    }

    /** An event pushed to a session. */
    static final class InFlight {
        final Session session;
        final Group group;
        final long seq;
        final long offset;
        final int size;
        /** Nanoseconds of {@link System#nanoTime}. */
        long deadline;
        /** Whether its time ran out, so that it goes or went to another session as well. */
        boolean expired;

        InFlight(Session session, Group group, long seq, long offset, int size) {
            this.session = session;
            this.group = group;
            this.seq = seq;
            this.offset = offset;
            this.size = size;
        }
    }
}
