package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;
import dev.emc.core.observe.WorkerMetrics;

/** A source worker whose lease somebody else holds. */
class StandbyTest {

    private final Settings settings = new Settings();
    private final FakeSource source = new FakeSource();
    private final FakePublisher publisher = new FakePublisher();
    private final FakeRegistry registry = new FakeRegistry();
    private final FakeDeadLetters deadLetters = new FakeDeadLetters();
    private final List<Running> started = new ArrayList<>();

    private Running start() {
        Running running = new Running(new SourceWorker("w", source, publisher, registry, Processing.NONE, deadLetters,
                settings.build(), new WorkerMetrics("test")));
        started.add(running);
        return running;
    }

    @AfterEach
    void stop() {
        started.forEach(Running::close);
    }

    private void held(int times, Duration after) {
        for (int i = 0; i < times; i++) {
            registry.holders.add(new LeaseHeldException("another process, host-a:4711, is active", "host-a:4711", after));
        }
    }

    @Test
    void withoutStandbyAHeldLeaseEndsTheWorker() {
        held(1, Duration.ZERO);
        assertEquals(new Outcome(Outcome.UNREACHABLE, "another process, host-a:4711, is active"), start().outcome());
        assertEquals(0, source.starts);
    }

    @Test
    void anIdleWorkerThatHasLostItsLeaseEnds() {
        Running running = start();
        Await.until(() -> running.worker.state() == WorkerState.RUNNING);
        registry.saveFailures.add(new FatalException("host-b:1 has the lease now"));
        registry.held = false;
        assertEquals(new Outcome(Outcome.FAILED, "host-b:1 has the lease now"), running.outcome());
    }

    @Test
    void anIdleWorkerWhoseLeaseIsOnlyUnsureGoesOn() {
        Running running = start();
        Await.until(() -> running.worker.state() == WorkerState.RUNNING);
        registry.saveFailures.add(new RetryableException("no answer"));
        registry.held = false;
        Await.until(() -> registry.saves > 1);
        registry.held = true;
        source.has("a", 1, 1);
        Await.until(() -> source.committed("a").size() == 1);
        running.drained();
    }

    @Test
    void aStandbyWaitsAndSaysForWhom() {
        settings.standby = true;
        held(1_000_000, Duration.ofMillis(1));
        Running running = start();
        Await.until(() -> running.worker.state() == WorkerState.STANDBY);
        assertEquals("standby: host-a:4711 is active", running.worker.status().reason());
        assertFalse(running.worker.status().ready());
        Await.until(() -> registry.opens > 3);
        assertEquals(0, source.starts);
        assertEquals(0, deadLetters.opens);
    }

    @Test
    void aStandbyTakesOverWhenTheLeaseIsFree() {
        settings.standby = true;
        held(5, Duration.ofMillis(1));
        source.has("a", 1, 3);
        Running running = start();
        Await.until(() -> source.committed("a").size() == 3);
        assertEquals(WorkerState.RUNNING, running.worker.state());
        assertEquals(6, registry.opens);
        running.drained();
    }

    @Test
    void aStandbyWaitsLongerThanTheConnectTimeout() {
        settings.standby = true;
        settings.connectTimeout = Duration.ofMillis(1);
        held(20, Duration.ofMillis(10));
        source.has("a", 1, 1);
        Running running = start();
        Await.until(() -> source.committed("a").size() == 1);
        running.drained();
    }

    @Test
    void aStandbyAsksWhenItIsTold() throws InterruptedException {
        settings.standby = true;
        held(10, Duration.ofHours(1));
        Running running = start();
        Await.until(() -> running.worker.state() == WorkerState.STANDBY);
        Thread.sleep(100);
        assertEquals(1, registry.opens);
    }

    @Test
    void aStandbyEndsAtOnceOnRequest() {
        settings.standby = true;
        held(10, Duration.ofHours(1));
        Running running = start();
        Await.until(() -> running.worker.state() == WorkerState.STANDBY);
        running.worker.drain();
        assertEquals(new Outcome(Outcome.OK, "stopped on request"), running.outcome());
        assertTrue(registry.closed);
    }

    @Test
    void aStandbySurvivesARegistryThatIsAway() {
        settings.standby = true;
        settings.connectTimeout = Duration.ofMillis(1);
        held(1, Duration.ofMillis(1));
        for (int i = 0; i < 10; i++) {
            registry.openFailures.add(new RetryableException("can't reach redis"));
        }
        source.has("a", 1, 1);
        Running running = start();
        Await.until(() -> source.committed("a").size() == 1);
        running.drained();
    }

    @Test
    void aRegistryThatIsAwayAtTheStartEndsTheWorkerAlsoAsAStandby() {
        settings.standby = true;
        settings.connectTimeout = Duration.ofMillis(1);
        for (int i = 0; i < 10_000; i++) {
            registry.openFailures.add(new RetryableException("can't reach redis"));
        }
        assertEquals(new Outcome(Outcome.UNREACHABLE, "can't reach redis"), start().outcome());
    }

    @Test
    void aRegistryThatRefusesEndsAStandby() {
        settings.standby = true;
        held(1, Duration.ofMillis(1));
        registry.openFailures.add(new FatalException("what is stored is damaged"));
        assertEquals(new Outcome(Outcome.UNREACHABLE, "what is stored is damaged"), start().outcome());
    }
}
