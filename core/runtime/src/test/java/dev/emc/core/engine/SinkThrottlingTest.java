package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.RetryableException;
import dev.emc.core.observe.WorkerMetrics;

/** Records whose turn at the target comes later than that of others. */
class SinkThrottlingTest {

    private static final Duration TURN = Duration.ofMillis(300);

    private final Settings settings = new Settings();
    private final FakeSink sink = new FakeSink();
    private final FakeSubscriber subscriber = new FakeSubscriber();
    private final FakeDeadLetters deadLetters = new FakeDeadLetters();
    private final WorkerMetrics metrics = new WorkerMetrics("test");
    private final List<Running> started = new ArrayList<>();
    /** The odd ones are of a channel that takes nothing while this is set. */
    private volatile boolean closed = true;
    private final Set<String> throttled = ConcurrentHashMap.newKeySet();

    private Running start() {
        sink.put = this::put;
        Running running = new Running(new SinkWorker("w", sink, subscriber, Processing.NONE, deadLetters, settings.build(),
                metrics));
        started.add(running);
        return running;
    }

    private List<Failure> put(List<ConnectorRecord> batch) {
        List<Failure> failures = new ArrayList<>();
        for (ConnectorRecord record : batch) {
            if (closed && (settings.strict || Integer.parseInt(record.id()) % 2 == 1)) {
                throttled.add(record.id());
                failures.add(new Failure(record, RetryableException.throttled("its channel takes one a second", TURN)));
            }
        }
        return failures;
    }

    @AfterEach
    void stop() {
        started.forEach(Running::close);
    }

    @Test
    void othersGoOnMeanwhile() {
        start();
        subscriber.has(1, 4);
        Await.until(() -> sink.written().size() == 2);
        subscriber.has(5, 20);
        Await.until(() -> sink.written().size() == 10);
        assertTrue(sink.written().stream().allMatch(id -> Integer.parseInt(id) % 2 == 0), sink.written()::toString);
    }

    @Test
    void theyComeAgainInTheirOrder() {
        start();
        subscriber.has(1, 20);
        Await.until(() -> throttled.size() == 10);
        closed = false;
        Await.until(() -> subscriber.acknowledged().size() == 20);
        assertEquals(IntStream.rangeClosed(1, 10).mapToObj(i -> Integer.toString(2 * i - 1)).toList(),
                sink.written().stream().filter(id -> Integer.parseInt(id) % 2 == 1).toList());
    }

    @Test
    void thatIsNoAttempt() {
        settings.retryAttempts = 1;
        start();
        subscriber.has(1, 1);
        Await.until(() -> sink.batches.size() >= 3);
        closed = false;
        Await.until(() -> subscriber.acknowledged().size() == 1);
        assertEquals(List.of(), deadLetters.ids());
        assertEquals(1, metrics.delivered());
    }

    @Test
    void theyAreNotAskedForBeforeTheirTurn() {
        start();
        long begin = System.nanoTime();
        subscriber.has(1, 1);
        Await.until(() -> sink.batches.size() == 4);
        assertTrue(System.nanoTime() - begin >= 3 * TURN.toNanos() - 20_000_000);
    }

    @Test
    void aDrainWaitsForThem() {
        Running running = start();
        subscriber.has(1, 2);
        Await.until(() -> throttled.size() == 1);
        closed = false;
        running.drained();
        assertEquals(Set.of("1", "2"), Set.copyOf(subscriber.acknowledged()));
    }

    @Test
    void withStrictOrderAllWaits() {
        settings.strict = true;
        start();
        subscriber.has(1, 4);
        Await.until(() -> sink.batches.size() >= 3);
        assertEquals(List.of(), sink.written());
        closed = false;
        Await.until(() -> subscriber.acknowledged().size() == 4);
        assertEquals(List.of("1", "2", "3", "4"), sink.written());
    }
}
