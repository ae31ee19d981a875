package dev.emc.core.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.emc.api.Position;

class MemoryRegistryTest {

    @Test
    void theNewestPositionOfEachPartitionIsKept() {
        try (MemoryRegistry registry = new MemoryRegistry()) {
            assertEquals(List.of(), List.copyOf(registry.open("w")));
            Position first = new Position(Map.of("p", 1), Map.of("n", 1));
            Position second = new Position(Map.of("p", 1), Map.of("n", 2));
            Position other = new Position(Map.of("p", 2), Map.of("n", 1));
            registry.save(List.of(first, other));
            registry.save(List.of(second));
            assertEquals(Set.of(second, other), Set.copyOf(registry.open("w")));
        }
    }
}
