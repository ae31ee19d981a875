package dev.emc.testkit;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.emc.api.Position;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;

/** The registry of a source that a test runs without a worker; it outlives the source. Nobody takes a partition away. */
public class MemoryPositions implements SourceContext {

    private final Map<Map<String, Object>, Position> positions = new LinkedHashMap<>();

    /** As the worker does when the mesh has accepted the records. */
    public void save(List<? extends SourceRecord> records) {
        for (SourceRecord record : records) {
            Position position = (Position) record.progress();
            positions.put(position.partition(), position);
        }
    }

    /** Forgets all. */
    public void clear() {
        positions.clear();
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public Optional<Position> position(Map<String, Object> partition) {
        return Optional.ofNullable(positions.get(new Position(partition, Map.of()).partition()));
    }

    @Override
    public Collection<Position> positions() {
        return List.copyOf(positions.values());
    }

    @Override
    public void begin(Collection<Position> from) {
        from.forEach(position -> positions.put(position.partition(), position));
    }

    @Override
    public void release(Collection<Map<String, Object>> partitions, Duration wait) {
        throw new AssertionError("nobody takes a partition away");
    }

    @Override
    public void abandon(Collection<Map<String, Object>> partitions) {
        throw new AssertionError("nobody takes a partition away");
    }

    @Override
    public void forget(Map<String, Object> partition) {
        positions.remove(new Position(partition, Map.of()).partition());
    }
}
