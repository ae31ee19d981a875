package dev.emc.core.mesh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.core.engine.MeshPublisher;
import dev.emc.core.engine.MeshState;

/**
 * Publishes over EventMesh's TCP protocol: many events under way at once on each of one or more connections. Which
 * connection a record takes depends on what is free, so more than one connection means no order among records.
 */
public final class TcpMeshPublisher implements MeshPublisher {

    private final MeshSettings settings;
    private final List<PublishSession> sessions = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();

    public TcpMeshPublisher(MeshSettings settings) {
        this.settings = settings;
        for (int i = 0; i < settings.sessions(); i++) {
            sessions.add(new PublishSession(settings));
        }
    }

    @Override
    public void open(Duration deadline) throws ConnectorException, InterruptedException {
        Sessions.open(sessions, deadline);
    }

    @Override
    public void onlyWhile(BooleanSupplier permission) {
        sessions.forEach(session -> session.permission = permission);
    }

    @Override
    public void publish(ConnectorRecord record, String topic, Consumer<Exception> done) {
        free().publish(record, topic, done);
    }

    @Override
    public int window() {
        return (int) Math.min(Integer.MAX_VALUE, (long) settings.window() * settings.sessions());
    }

    /** The connected session with the least to do, in turn among equals. */
    private PublishSession free() {
        if (sessions.size() == 1) {
            return sessions.get(0);
        }
        int start = Math.floorMod(next.getAndIncrement(), sessions.size());
        PublishSession best = null;
        for (int i = 0; i < sessions.size(); i++) {
            PublishSession session = sessions.get((start + i) % sessions.size());
            if (session.link != null && (best == null || session.load() < best.load())) {
                best = session;
            }
        }
        return best == null ? sessions.get(start) : best;
    }

    @Override
    public void flush() {
        for (PublishSession session : sessions) {
            session.flush();
        }
    }

    @Override
    public MeshState state() {
        return Sessions.state(settings, sessions);
    }

    @Override
    public void close() {
        sessions.forEach(MeshSession::close);
    }
}
