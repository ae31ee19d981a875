package dev.emc.registry.redis;

import static dev.emc.registry.redis.Store.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.core.engine.LeaseHeldException;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.engine.Registry;

/** Positions in a real Redis, as the {@code offsets} commands see them. */
class RedisOffsetsTest extends EmptyRedisTest {

    private OffsetStore offsets;

    @BeforeEach
    void look() {
        offsets = store.offsets();
    }

    private Registry running() throws Exception {
        Registry registry = store.opened("w");
        registry.save(List.of(at("a", 1), at("b", 1)));
        return registry;
    }

    private Set<Position> positions() throws Exception {
        return new HashSet<>(offsets.read("w").orElseThrow().positions());
    }

    @Test
    void workersAreListedByName() throws Exception {
        for (String name : List.of("b/{1}", "a")) {
            try (Registry registry = store.opened(name)) {
            }
        }
        assertEquals(List.of("a", "b/{1}"), offsets.workers());
    }

    @Test
    void nothingIsReadOfAWorkerThatNeverRan() throws Exception {
        assertEquals(Optional.empty(), offsets.read("w"));
        assertEquals(List.of(), offsets.workers());
    }

    @Test
    void aRunningWorkerIsReadTogetherWithItsHolder() throws Exception {
        running();
        assertEquals(Set.of(at("a", 1), at("b", 1)), positions());
        String holder = offsets.read("w").orElseThrow().holder().orElseThrow();
        assertTrue(holder.endsWith(":" + ProcessHandle.current().pid()), holder);
    }

    @Test
    void aStoppedWorkerHasNoHolder() throws Exception {
        running().close();
        assertEquals(Optional.empty(), offsets.read("w").orElseThrow().holder());
    }

    @Test
    void replacedPositionsAreAllThereIs() throws Exception {
        running().close();
        offsets.replace("w", List.of(at("a", 5), at("c", 6)), false);
        assertEquals(Set.of(at("a", 5), at("c", 6)), positions());
        assertEquals(Set.of(at("a", 5), at("c", 6)), new HashSet<>(store.registry().open("w")));
    }

    @Test
    void positionsCanBeSetBeforeAWorkerRunsForTheFirstTime() throws Exception {
        offsets.replace("w", List.of(at("a", 5)), false);
        assertEquals(List.of("w"), offsets.workers());
        assertEquals(Set.of(at("a", 5)), positions());
    }

    @Test
    void positionsOfARunningWorkerAreNotReplaced() throws Exception {
        Registry running = running();
        LeaseHeldException held = assertThrows(LeaseHeldException.class,
                () -> offsets.replace("w", List.of(at("a", 5)), false));
        assertTrue(held.getMessage().contains("stop it first"), held.getMessage());
        assertEquals(Set.of(at("a", 1), at("b", 1)), positions());
        running.save(List.of(at("a", 2)));
    }

    @Test
    void aRunningWorkerWhosePositionsAreReplacedByForceIsRefused() throws Exception {
        Registry running = running();
        offsets.replace("w", List.of(at("a", 5)), true);
        FatalException refused = assertThrows(FatalException.class, () -> running.save(List.of(at("a", 2))));
        assertTrue(refused.getMessage().contains("an operator"), refused.getMessage());
        assertEquals(Set.of(at("a", 5)), positions());
    }

    @Test
    void whoTakesOverAfterAReplacementStartsThere() throws Exception {
        running();
        offsets.replace("w", List.of(at("a", 5)), true);
        assertEquals(Set.of(at("a", 5)), new HashSet<>(store.registry().open("w")));
    }

    @Test
    void itTellsWhereItIs() {
        assertEquals("the Redis server " + redis.address(), offsets.place());
    }
}
