package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.RetryableException;
import dev.emc.core.engine.FakePublisher.Sent;
import dev.emc.core.observe.WorkerMetrics;

/** Records that make the mesh cut the connection. */
class SuspectsTest {

    private final Settings settings = new Settings();
    private final FakeSource source = new FakeSource();
    private final FakePublisher publisher = new FakePublisher();
    private final FakeDeadLetters deadLetters = new FakeDeadLetters();
    private final WorkerMetrics metrics = new WorkerMetrics("test");
    private final List<Sent> underWay = new ArrayList<>();
    private volatile int cuts;
    private final List<Running> started = new ArrayList<>();

    private Running start() {
        Running running = new Running(new SourceWorker("w", source, publisher, new FakeRegistry(), Processing.NONE, deadLetters,
                settings.build(), metrics));
        started.add(running);
        return running;
    }

    @AfterEach
    void stop() {
        started.forEach(Running::close);
    }

    /** A connection that is cut when one of these comes: what came before without an answer is lost with it. */
    private void cutAt(String... poison) {
        publisher.answer = sent -> {
            underWay.add(sent);
            if (List.of(poison).contains(sent.record().id())) {
                cut();
            } else if (underWay.size() >= 7 || cuts >= 3) {
                answer();
            }
        };
    }

    private void cut() {
        cuts++;
        List<Sent> lost = new ArrayList<>(underWay);
        underWay.clear();
        lost.forEach(sent -> sent.done()
                .accept(new RetryableException("the connection is lost", new NotConnectedException("reset", true))));
    }

    private void answer() {
        List<Sent> good = new ArrayList<>(underWay);
        underWay.clear();
        good.forEach(sent -> sent.done().accept(null));
    }

    private void assertBlamed(String... ids) {
        assertEquals(Set.of(ids), new HashSet<>(deadLetters.ids()));
        String reason = deadLetters.kept().get(0).reason();
        assertTrue(reason.startsWith("the mesh cuts the connection each time right after this event was sent"), reason);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRecordAtWhichTheMeshCutsTheConnectionBecomesADeadLetter(boolean strict) throws Exception {
        settings.strict = strict;
        publisher.answer = answerAllBut("a:5");
        source.has("a", 1, 20);
        Running running = start();
        for (long n = 1; deadLetters.kept().isEmpty() && n < 10_000; n++) {
            source.has("b", n, n);
            Thread.sleep(2);
        }
        assertBlamed("a:5");
        Await.until(() -> source.committed("a").equals(LongStream.rangeClosed(1, 20).boxed().toList()));
        assertEquals(7, cuts, "three to be suspect, one alone, three to prove it");
        running.drained();
    }

    private FakePublisher.Answer answerAllBut(String poison) {
        return sent -> {
            underWay.add(sent);
            if (sent.record().id().equals(poison)) {
                cut();
            } else {
                answer();
            }
        };
    }

    @Test
    void twoOfThemAreFoundAmongInnocentOnes() {
        cutAt("a:3", "a:8");
        source.has("a", 1, 40);
        source.exhausted = true;
        assertEquals(Outcome.OK, start().outcome().exitCode());
        assertBlamed("a:3", "a:8");
        assertEquals(40, source.committed("a").size());
    }

    @Test
    void aRecordThatIsTheOnlyOneIsBlamedLater() {
        publisher.answer = answerAllBut("a:1");
        source.has("a", 1, 1);
        source.exhausted = true;
        assertEquals(Outcome.OK, start().outcome().exitCode());
        assertBlamed("a:1");
        assertEquals(10, publisher.attempts().size(), "three to be suspect, one alone, six to prove it");
    }

    /** As a server that takes connections, but no records. */
    @Test
    void aMeshThatCutsTheConnectionAtAnyRecordIsNotTheRecordsFault() {
        publisher.answer = sent -> sent.done().accept(sent.attempt() <= 8
                ? new RetryableException("the connection is lost", new NotConnectedException("reset", true))
                : null);
        source.has("a", 1, 3);
        source.exhausted = true;
        assertEquals(Outcome.OK, start().outcome().exitCode());
        assertEquals(List.of(), deadLetters.kept());
        assertEquals(3, source.committed("a").size());
    }

    @Test
    void aMeshThatIsAwayIsNotTheRecordsFault() {
        publisher.answer = sent -> sent.done().accept(sent.attempt() <= 30
                ? new RetryableException("the connection is lost", new NotConnectedException("connection refused"))
                : null);
        source.has("a", 1, 3);
        source.exhausted = true;
        assertEquals(Outcome.OK, start().outcome().exitCode());
        assertEquals(List.of(), deadLetters.kept());
    }
}
