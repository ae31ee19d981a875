package dev.emc.core.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.emc.api.ConnectorException;
import dev.emc.api.Position;
import dev.emc.core.registry.Positions;

final class FakeRegistry implements Registry {

    private final Map<Map<String, Object>, Position> positions = new HashMap<>();
    final Queue<ConnectorException> openFailures = new ConcurrentLinkedQueue<>();
    final Queue<ConnectorException> saveFailures = new ConcurrentLinkedQueue<>();
    final Queue<LeaseHeldException> holders = new ConcurrentLinkedQueue<>();
    volatile boolean held = true;
    volatile int opens;
    volatile int saves;
    volatile boolean closed;

    @Override
    public boolean held() {
        return held;
    }

    @Override
    public Collection<Position> open(String worker) throws ConnectorException, LeaseHeldException {
        opens++;
        LeaseHeldException holder = holders.poll();
        if (holder != null) {
            throw holder;
        }
        fail(openFailures);
        return positions();
    }

    private static void fail(Queue<ConnectorException> failures) throws ConnectorException {
        ConnectorException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void save(Collection<Position> changed) throws ConnectorException {
        saves++;
        fail(saveFailures);
        synchronized (this) {
            Positions.apply(changed, positions);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    synchronized List<Position> positions() {
        return new ArrayList<>(positions.values());
    }

    /** The saved offset of a partition; 0 when there is none. */
    synchronized long saved(String partition) {
        Position position = positions.get(Map.of("p", (Object) partition));
        return position == null ? 0 : (Long) position.offset().get("n");
    }
}
