package dev.emc.core.mesh;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.emc.api.ConnectorException;
import dev.emc.core.engine.MeshState;
import dev.emc.core.engine.MeshSubscriber;

/**
 * Receives over EventMesh's TCP protocol, with receipt and acknowledgement apart. With more than one connection the
 * receiver is called by one thread for each.
 */
public final class TcpMeshSubscriber implements MeshSubscriber {

    private final MeshSettings settings;
    private volatile List<SubscribeSession> sessions = List.of();
    private boolean paused;

    public TcpMeshSubscriber(MeshSettings settings) {
        this.settings = settings;
    }

    @Override
    public void open(Receiver receiver, Duration deadline) throws ConnectorException, InterruptedException {
        // each connection of a broadcasting subscriber would get all events once more
        int count = settings.broadcasting() ? 1 : settings.sessions();
        List<SubscribeSession> all = IntStream.range(0, count).mapToObj(i -> new SubscribeSession(settings, receiver)).toList();
        synchronized (this) {
            sessions = all;
            pause(paused);
        }
        Sessions.open(all, deadline);
    }

    @Override
    public void pause() {
        pause(true);
    }

    @Override
    public void resume() {
        pause(false);
    }

    private synchronized void pause(boolean pause) {
        paused = pause;
        for (SubscribeSession session : sessions) {
            session.pause(pause);
        }
    }

    @Override
    public void stopIntake() {
        sessions.forEach(SubscribeSession::stopIntake);
    }

    @Override
    public MeshState state() {
        List<SubscribeSession> all = sessions;
        return all.isEmpty() ? new MeshState(false, "not connected yet") : Sessions.state(settings, all);
    }

    @Override
    public void close() {
        sessions.forEach(MeshSession::close);
    }
}
