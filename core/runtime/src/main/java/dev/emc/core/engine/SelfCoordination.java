package dev.emc.core.engine;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import dev.emc.api.Position;
import dev.emc.api.Source;

/** In place of a registry for sources whose outside system hands out the work and keeps the positions: no lease, nothing saved. */
public final class SelfCoordination implements Registry {

    private SelfCoordination() {}

    /** What a source keeps its progress in: nothing when it is self-coordinated, else this registry. */
    public static Registry orElse(Source source, Supplier<Registry> registry) {
        return source.selfCoordinated() ? new SelfCoordination() : registry.get();
    }

    @Override
    public Collection<Position> open(String worker) {
        return List.of();
    }

    @Override
    public boolean held() {
        return true;
    }

    @Override
    public void save(Collection<Position> positions) {
        // the source makes its progress durable itself
    }

    @Override
    public void close() {
        // nothing to give back
    }
}
