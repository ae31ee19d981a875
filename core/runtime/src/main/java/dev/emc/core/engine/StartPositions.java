package dev.emc.core.engine;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.emc.api.Position;
import dev.emc.api.SourceContext;

/** What a source learns at the start: where to resume. */
final class StartPositions implements SourceContext {

    private final String name;
    private final Map<Map<String, Object>, Position> positions = new HashMap<>();

    StartPositions(String name, Collection<Position> positions) {
        this.name = name;
        positions.forEach(position -> this.positions.put(position.partition(), position));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Position> position(Map<String, Object> partition) {
        return Optional.ofNullable(positions.get(new Position(partition, Map.of()).partition()));
    }

    @Override
    public Collection<Position> positions() {
        return Collections.unmodifiableCollection(positions.values());
    }
}
