package dev.emc.registry.redis;

import static dev.emc.registry.redis.Store.at;
import static dev.emc.registry.redis.Store.forgotten;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.Registry;
import dev.emc.testkit.Await;

/** Positions in a real Redis. */
class RedisRegistryTest extends EmptyRedisTest {

    /** One that knows nobody makes the first worker wait. */
    @BeforeEach
    void useAServerThatKnowsAnother() throws Exception {
        redis.command("SADD", "emc:workers", "another");
    }

    private void saved(String worker, Position... positions) throws Exception {
        try (Registry registry = store.opened(worker)) {
            Await.until("a save works", () -> {
                try {
                    registry.save(List.of(positions));
                    return true;
                } catch (RetryableException busy) {
                    return false;
                }
            });
        }
    }

    private Set<Position> reopened(String worker) throws Exception {
        try (Registry registry = store.registry()) {
            return new HashSet<>(registry.open(worker));
        }
    }

    @Test
    void aNewWorkerHasNoPositions() throws Exception {
        assertEquals(Set.of(), reopened("w"));
    }

    @Test
    void theNewestPositionOfEachPartitionSurvives() throws Exception {
        saved("w", at("a", 1), at("b", 1));
        saved("w", at("a", 2));
        assertEquals(Set.of(at("a", 2), at("b", 1)), reopened("w"));
    }

    @Test
    void allKindsOfValuesComeBackAsTheyWere() throws Exception {
        Position odd = new Position(Map.of("path", "ü\n\"\\\u0000😀", "broken", "\ud800x", "true", true),
                Map.of("min", Long.MIN_VALUE, "max", Long.MAX_VALUE, "done", false, "", "empty name"));
        saved("w", odd);
        assertEquals(Set.of(odd), reopened("w"));
    }

    @Test
    void aPositionWithoutAnOffsetIsForgotten() throws Exception {
        saved("w", at("a", 1), at("b", 1));
        saved("w", forgotten("a"));
        assertEquals(Set.of(at("b", 1)), reopened("w"));
    }

    @Test
    void manyPartitionsAreSavedAtOnce() throws Exception {
        List<Position> many = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            many.add(at("file-" + i, i));
        }
        saved("w", many.toArray(new Position[0]));
        assertEquals(new HashSet<>(many), reopened("w"));
    }

    @Test
    void workersOfOtherNamesHavePositionsOfTheirOwn() throws Exception {
        List<String> names = List.of("w", "{w}", "}w{", "w w", "ü", "", "x".repeat(500));
        for (String name : names) {
            saved(name, at(name, name.length()));
        }
        for (String name : names) {
            assertEquals(Set.of(at(name, name.length())), reopened(name));
        }
    }

    @Test
    void anotherPrefixIsAnotherRegistry() throws Exception {
        saved("w", at("a", 1));
        try (Store other = Store.at(redis.address(), "redis.prefix", "other"); Registry registry = other.registry()) {
            assertEquals(List.of(), List.copyOf(registry.open("w")));
        }
    }

    @Test
    void anotherDatabaseIsAnotherRegistry() throws Exception {
        saved("w", at("a", 1));
        try (Store other = Store.at(redis.address(), "redis.database", "3"); Registry registry = other.registry()) {
            assertEquals(List.of(), List.copyOf(registry.open("w")));
        }
    }

    @Test
    void allKeysBeginWithThePrefix() throws Exception {
        saved("w", at("a", 1));
        for (String key : redis.command("KEYS", "*").split("\n")) {
            assertTrue(key.startsWith("emc:"), key);
        }
    }

    @Test
    void aServerThatHasForgottenTheScriptsGetsThemAgain() throws Exception {
        try (Registry registry = store.opened("w")) {
            redis.command("SCRIPT", "FLUSH");
            registry.save(List.of(at("a", 1)));
            redis.command("SCRIPT", "FLUSH");
        }
        redis.command("SCRIPT", "FLUSH");
        assertEquals(Set.of(at("a", 1)), reopened("w"));
    }

    @Test
    void nothingIsSavedAfterClosing() throws Exception {
        Registry registry = store.opened("w");
        registry.close();
        assertThrows(FatalException.class, () -> registry.save(List.of(at("a", 1))));
        assertEquals(Set.of(), reopened("w"));
    }

    @Test
    void anInterruptedSaveCanBeTriedAgain() throws Exception {
        try (Registry registry = store.opened("w")) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> registry.save(List.of(at("a", 1))));
            registry.save(List.of(at("a", 2)));
        }
        assertEquals(Set.of(at("a", 2)), reopened("w"));
    }

    @Test
    void positionsThatCannotBeReadAreAnError() throws Exception {
        saved("w", at("a", 1));
        redis.command("HSET", "emc:{w}:positions", "nonsense", "{}");
        FatalException error = assertThrows(FatalException.class, () -> reopened("w"));
        assertTrue(error.getMessage().contains("worker 'w'"), error.getMessage());
    }

    @Test
    void closingEndsItsThread() throws Exception {
        Collection<Position> none = List.of();
        Registry registry = store.registry();
        assertEquals(none, List.copyOf(registry.open("w")));
        assertTrue(leaseThreads());
        registry.close();
        assertFalse(leaseThreads());
    }

    private static boolean leaseThreads() {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("emc-lease"));
    }
}
