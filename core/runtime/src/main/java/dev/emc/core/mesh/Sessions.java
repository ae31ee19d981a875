package dev.emc.core.mesh;

import java.time.Duration;
import java.util.List;

import dev.emc.api.ConnectorException;
import dev.emc.core.engine.MeshState;

/** What publishers and subscribers do alike with their sessions. */
final class Sessions {

    private Sessions() {}

    /** Opens all, or none. */
    static void open(List<? extends MeshSession> sessions, Duration deadline) throws ConnectorException, InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        boolean done = false;
        try {
            for (MeshSession session : sessions) {
                session.open(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            }
            done = true;
        } finally {
            if (!done) {
                sessions.forEach(MeshSession::close);
            }
        }
    }

    /** Ready when at least one is connected. */
    static MeshState state(MeshSettings settings, List<? extends MeshSession> sessions) {
        int connected = 0;
        MeshSession good = null;
        for (MeshSession session : sessions) {
            if (session.link != null) {
                connected++;
                good = session;
            }
        }
        if (connected == 0) {
            return new MeshState(false, "not connected to " + settings.address() + ": " + sessions.get(0).problem());
        }
        return new MeshState(true, "connected to " + good.where()
                + (connected == sessions.size() ? "" : " by " + connected + " of " + sessions.size() + " sessions"));
    }
}
