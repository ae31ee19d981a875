package dev.emc.core.registry;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.emc.api.Position;
import dev.emc.core.engine.Registry;

/** Keeps positions as long as the process lives. */
public final class MemoryRegistry implements Registry {

    private final Map<Map<String, Object>, Position> positions = new HashMap<>();

    @Override
    public Collection<Position> open(String worker) {
        return List.copyOf(positions.values());
    }

    @Override
    public boolean held() {
        return true;
    }

    @Override
    public void save(Collection<Position> changed) {
        Positions.apply(changed, positions);
    }

    @Override
    public void close() {
        // nothing to give back
    }
}
