package dev.emc.core.engine;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.emc.api.ConnectorException;
import dev.emc.api.Position;
import dev.emc.api.SourceContext;

/** What a source learns of its partitions: where to resume; and what it tells of them. */
final class SourcePartitions implements SourceContext {

    private final String name;
    private final Map<Map<String, Object>, Position> positions = new ConcurrentHashMap<>();
    private Handover handover;

    /** @param name of the worker */
    SourcePartitions(String name) {
        this.name = name;
    }

    /** Sets who gives partitions back; before the source starts. */
    void handover(Handover to) {
        handover = to;
    }

    /** These positions are durable in the registry; one with an empty offset is there no more. */
    void saved(Collection<Position> newest) {
        for (Position position : newest) {
            if (position.offset().isEmpty()) {
                positions.remove(position.partition());
            } else {
                positions.put(position.partition(), position);
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Position> position(Map<String, Object> partition) {
        return Optional.ofNullable(positions.get(key(partition)));
    }

    @Override
    public Collection<Position> positions() {
        return Collections.unmodifiableCollection(positions.values());
    }

    @Override
    public void begin(Collection<Position> from) throws ConnectorException, InterruptedException {
        handover.begin(from);
    }

    @Override
    public void release(Collection<Map<String, Object>> partitions, Duration wait) throws Exception {
        handover.release(keys(partitions), wait.toNanos());
    }

    @Override
    public void abandon(Collection<Map<String, Object>> partitions) {
        handover.abandon(keys(partitions));
    }

    @Override
    public void forget(Map<String, Object> partition) {
        handover.forget(key(partition));
    }

    private static Set<Map<String, Object>> keys(Collection<Map<String, Object>> partitions) {
        Set<Map<String, Object>> keys = new HashSet<>();
        partitions.forEach(partition -> keys.add(key(partition)));
        return keys;
    }

    /** As the partition of a position is. */
    private static Map<String, Object> key(Map<String, Object> partition) {
        return new Position(partition, Map.of()).partition();
    }
}
