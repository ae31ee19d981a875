package dev.emc.registry.redis;

import static dev.emc.registry.redis.Store.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.LeaseHeldException;
import dev.emc.core.engine.Registry;
import dev.emc.testkit.Await;
import dev.emc.testkit.CuttableProxy;
import dev.emc.testkit.RedisServer;

/** Who is the active one, whatever happens to the network and to Redis. */
class RedisLeaseTest {

    private static final long LEASE = Duration.parse("PT" + Store.LEASE).toMillis();

    private RedisServer redis;
    private CuttableProxy network;
    private Store store;
    private Store other;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.inMemory();
        // a server that knows nobody makes the first one wait
        redis.command("SADD", "emc:workers", "another");
        network = CuttableProxy.to(redis.address());
        store = Store.at(network.address());
        other = Store.at(redis.address());
    }

    @AfterEach
    void stop() throws Exception {
        network.mend();
        store.close();
        other.close();
        network.close();
        redis.close();
    }

    private Registry active() throws Exception {
        return store.opened("w");
    }

    private long token() throws Exception {
        return Long.parseLong(redis.command("HGET", "emc:{w}:lease", "token"));
    }

    @Test
    void whileOneIsActiveAnotherIsToldWhoAndWhenToLookAgain() throws Exception {
        active();
        LeaseHeldException held = assertThrows(LeaseHeldException.class, () -> other.registry().open("w"));
        assertTrue(held.holder().endsWith(":" + ProcessHandle.current().pid()), held.holder());
        assertTrue(held.getMessage().contains("worker 'w' is already running on " + held.holder()), held.getMessage());
        assertTrue(held.after().toMillis() > 0 && held.after().toMillis() <= 500, held.after().toString());
    }

    @Test
    void aLeaseThatWasGivenBackIsFreeAtOnce() throws Exception {
        active().close();
        assertTrue(other.opened("w").held());
    }

    @Test
    void anIdleWorkerKeepsItsLease() throws Exception {
        Registry registry = active();
        Registry standby = other.registry();
        assertTrue(Await.always(Duration.ofMillis(2 * LEASE), () -> {
            assertThrows(LeaseHeldException.class, () -> standby.open("w"));
            return registry.held();
        }));
    }

    @Test
    void aFreshTokenIsLargerThanAllBefore() throws Exception {
        active().close();
        long first = token();
        other.opened("w");
        assertTrue(token() > first);
    }

    @Test
    void aFreshTokenIsLargerThanAllBeforeThoughTheServerHasForgottenThem() throws Exception {
        active().close();
        long first = token();
        redis.command("FLUSHALL");
        other.opened("w");
        assertTrue(token() > first);
    }

    @Test
    void aLeaseThatCannotBeRenewedIsUnsureBeforeAnotherOneGetsIt() throws Exception {
        Registry registry = active();
        network.blackHole();
        other.takenOver("w");
        assertFalse(registry.held());
    }

    @Test
    void theOldHolderIsRefusedForGoodAndToldWhoIsActive() throws Exception {
        Registry registry = active();
        network.blackHole();
        Registry standby = other.takenOver("w");
        network.mend();
        Await.until("it notices", () -> {
            try {
                registry.save(List.of(at("a", 1)));
                return false;
            } catch (RetryableException unsure) {
                return false;
            } catch (FatalException refused) {
                assertTrue(refused.getMessage().contains("worker 'w' lost its lease"), refused.getMessage());
                assertTrue(refused.getMessage().contains(":" + ProcessHandle.current().pid()), refused.getMessage());
                return true;
            }
        });
        assertFalse(registry.held());
        standby.close();
        assertThrows(FatalException.class, () -> registry.save(List.of(at("a", 2))));
        assertThrows(FatalException.class, () -> registry.save(List.of()));
        assertEquals(Set.of(), positions());
    }

    private Set<Position> positions() throws Exception {
        return new HashSet<>(other.offsets().read("w").orElseThrow().positions());
    }

    @Test
    void anIdleOldHolderNoticesThatItIsRefused() throws Exception {
        Registry registry = active();
        network.blackHole();
        other.takenOver("w");
        network.mend();
        Await.until("the lease is lost", () -> {
            try {
                registry.save(List.of());
                return false;
            } catch (FatalException lost) {
                return true;
            }
        });
    }

    @Test
    void aHolderWhoseLeaseHasEndedGoesOnWhenNobodyTookOver() throws Exception {
        Registry registry = active();
        network.blackHole();
        Await.until("the lease is unsure", () -> !registry.held());
        network.mend();
        Await.until("the lease is sure again", registry::held);
        registry.save(List.of(at("a", 1)));
        assertEquals(Set.of(at("a", 1)), positions());
    }

    @Test
    void aSaveWithoutAnAnswerIsAnErrorThatMayPass() throws Exception {
        Registry registry = active();
        network.loseAnswers();
        RetryableException late = assertThrows(RetryableException.class, () -> registry.save(List.of(at("a", 1))));
        assertTrue(late.getMessage().contains("did not answer within 666 ms"), late.getMessage());
        network.mend();
        registry.save(List.of(at("a", 2)));
        assertEquals(Set.of(at("a", 2)), positions());
    }

    @Test
    void openingAgainAfterALostAnswerNeedsNoWait() throws Exception {
        Registry registry = store.registry();
        network.loseAnswers();
        assertThrows(RetryableException.class, () -> registry.open("w"));
        network.mend();
        registry.open("w");
        assertTrue(registry.held());
    }

    @Test
    void aCutConnectionIsMadeAgain() throws Exception {
        Registry registry = active();
        registry.save(List.of(at("a", 1)));
        network.reset();
        Await.until("a save works again", () -> {
            try {
                registry.save(List.of(at("a", 2)));
                return true;
            } catch (RetryableException cut) {
                return false;
            }
        });
        assertEquals(Set.of(at("a", 2)), positions());
    }

    @Test
    void aServerThatWasPausedCostsNothing() throws Exception {
        Registry registry = active();
        redis.pause();
        assertThrows(RetryableException.class, () -> registry.save(List.of(at("a", 1))));
        redis.resume();
        Await.until("a save works again", () -> {
            try {
                registry.save(List.of(at("a", 2)));
                return true;
            } catch (RetryableException late) {
                return false;
            }
        });
        assertEquals(Set.of(at("a", 2)), positions());
    }

    @Test
    void afterTheServerHasLostItsDataTheHolderSavesEverythingAgain() throws Exception {
        Registry registry = active();
        registry.save(List.of(at("a", 1), at("b", 1)));
        long token = token();
        redis.kill();
        redis.restart();
        Await.until("the positions are back", () -> other.offsets().read("w").isPresent()
                && positions().equals(Set.of(at("a", 1), at("b", 1))));
        assertEquals(token, token());
        registry.save(List.of(at("a", 2)));
        assertEquals(Set.of(at("a", 2), at("b", 1)), positions());
    }

    @Test
    void aStandbyDoesNotTakeOverBecauseTheServerHasLostItsData() throws Exception {
        Registry registry = active();
        Registry standby = other.registry();
        assertThrows(LeaseHeldException.class, () -> standby.open("w"));
        redis.command("FLUSHALL");
        assertThrows(LeaseHeldException.class, () -> standby.open("w"));
        Await.until("the holder has its lease again", () -> other.offsets().read("w").isPresent());
        assertTrue(registry.held());
        assertThrows(LeaseHeldException.class, () -> standby.open("w"));
    }

    @Test
    void aStandbyTakesOverAfterTheServerHasLostItsDataAndTheHolderIsGone() throws Exception {
        active();
        Registry standby = other.registry();
        network.cut();
        assertThrows(LeaseHeldException.class, () -> standby.open("w"));
        redis.command("FLUSHALL");
        Await.until("the standby takes over", () -> {
            try {
                standby.open("w");
                return true;
            } catch (LeaseHeldException held) {
                return false;
            }
        });
    }

    @Test
    void takingOverNeedsNoMoreThanTwoLeases() throws Exception {
        active();
        network.cut();
        long begin = System.nanoTime();
        other.takenOver("w");
        long took = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(took < 2 * LEASE, took + " ms");
    }

    @Test
    void whatTheServerHasLostIsSavedAgainAlsoWhenTheAnswerThatToldSoWasLost() throws Exception {
        Registry registry = active();
        registry.save(List.of(at("a", 1), at("b", 1)));
        network.loseAnswers();
        redis.command("FLUSHALL");
        assertThrows(RetryableException.class, () -> registry.save(List.of(at("a", 2))));
        network.mend();
        Await.until("the registry saves again", () -> {
            try {
                registry.save(List.of(at("a", 3)));
                return true;
            } catch (RetryableException away) {
                return false;
            }
        });
        assertEquals(Set.of(at("a", 3), at("b", 1)),
                new HashSet<>(other.offsets().read("w").orElseThrow().positions()));
    }

    @Test
    void aServerClockThatJumpsAheadDoesNotFreeTheLease() throws Exception {
        Registry registry = active();
        redis.command("HSET", "emc:{w}:lease", "until", "1");
        assertThrows(LeaseHeldException.class, () -> other.registry().open("w"));
        assertTrue(registry.held());
    }

    @Test
    void aServerClockThatJumpsBackDoesNotKeepTheLeaseOfOneThatIsGone() throws Exception {
        active();
        network.cut();
        redis.command("HSET", "emc:{w}:lease", "until", "99999999999999");
        assertTrue(other.takenOver("w").held());
    }

    @Test
    void aTokenIsLargerThanThatOfThePositionsThoughTheLeaseGotLost() throws Exception {
        active().close();
        redis.command("HSET", "emc:{w}:positions", "token", "4000000000000000");
        redis.command("DEL", "emc:{w}:lease");
        other.opened("w");
        assertEquals(4_000_000_000_000_001L, token());
    }

    @Test
    void aTokenIsLargerThanAllThatAStandbyHasHeardOfThoughTheServerHasForgottenThem() throws Exception {
        active().close();
        redis.command("HSET", "emc:{w}:lease", "token", "4000000000000000", "holder", "else:1", "id", "x", "until",
                "99999999999999", "lease", "2000", "seq", "1");
        Registry standby = other.registry();
        assertThrows(LeaseHeldException.class, () -> standby.open("w"));
        redis.command("FLUSHALL");
        Await.until("the standby takes over", () -> {
            try {
                standby.open("w");
                return true;
            } catch (LeaseHeldException held) {
                return false;
            }
        });
        assertEquals(4_000_000_000_000_001L, token());
    }

    @Test
    void aNewcomerDoesNotTakeOverBecauseTheServerHasLostItsData() throws Exception {
        Registry registry = active();
        redis.command("FLUSHALL");
        assertThrows(LeaseHeldException.class, () -> other.registry().open("w"));
        assertTrue(registry.held());
    }

    @Test
    void aSaveThatArrivesAfterANewerOneChangesNothing() throws Exception {
        Registry registry = active();
        registry.save(List.of(at("a", 2)));
        redis.command("HSET", "emc:{w}:lease", "seq", "1000000");
        registry.save(List.of(at("a", 1)));
        assertEquals(Set.of(at("a", 2)), positions());
    }

}
