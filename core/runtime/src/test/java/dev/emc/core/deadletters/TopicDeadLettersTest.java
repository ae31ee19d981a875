package dev.emc.core.deadletters;

import static dev.emc.core.deadletters.Letters.event;
import static dev.emc.core.deadletters.Letters.letter;
import static dev.emc.core.deadletters.Letters.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.DeadLetter;
import dev.emc.core.engine.MeshPublisher;
import dev.emc.core.engine.MeshState;
import dev.emc.core.engine.NotConnectedException;
import dev.emc.wire.EventCodec;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

class TopicDeadLettersTest {

    private final List<ConnectorRecord> published = new ArrayList<>();
    private final List<String> topics = new ArrayList<>();
    private final List<Consumer<Exception>> unanswered = new ArrayList<>();
    private boolean answers = true;
    private Exception answer;
    private ConnectorException refusal;
    private boolean flushed;
    private boolean closed;

    @TempDir
    static Path folders;
    private final Path folder = folders.resolve(Long.toHexString(System.nanoTime()));
    private Function<String, Exception> byId = id -> answer;

    private final TopicDeadLetters letters = new TopicDeadLetters(new MeshPublisher() {
        @Override
        public void open(Duration deadline) throws ConnectorException {
            if (refusal != null) {
                throw refusal;
            }
        }

        @Override
        public synchronized void publish(ConnectorRecord record, String topic, Consumer<Exception> done) {
            published.add(record);
            topics.add(topic);
            if (answers) {
                done.accept(byId.apply(record.id()));
            } else {
                unanswered.add(done);
            }
        }

        @Override
        public void flush() {
            flushed = true;
        }

        @Override
        public MeshState state() {
            return new MeshState(true, "connected");
        }

        @Override
        public void close() {
            closed = true;
        }
    }, "orders-dead", new FileDeadLetters(folder, "w"));

    @Test
    void aLetterIsTheEventWithTheReason() throws Exception {
        letters.keep(List.of(letter(event("1").timestamp(Letters.TIME).build())));
        ConnectorRecord event = published.get(0);
        assertEquals("orders-dead", topics.get(0));
        assertEquals("1", event.id());
        assertEquals("/shop", event.attribute("source"));
        assertEquals("{\"total\":17}", event.text());
        assertEquals(Letters.TIME, event.timestamp());
        assertEquals("no such column 'total'", event.attribute("deaderror"));
        assertEquals(PermanentException.class.getName(), event.attribute("deaderrorclass"));
        assertEquals(3, event.attributes().get("deadattempts"));
        assertEquals("w", event.attribute("deadworker"));
        assertEquals("file-sink", event.attribute("deadconnector"));
        assertEquals("orders", event.attribute("deadtopic"));
        assertTrue(flushed);
    }

    @Test
    void theMeshCanCarryEachLetter() throws Exception {
        letters.keep(List.of(letter(event("1").build()), unreadable(new byte[]{1}),
                letter(event("2").attribute("odd", "\ud800").build()),
                letter(ConnectorRecord.builder().attribute("Bad Name", 1).build())));
        for (ConnectorRecord event : published) {
            assertEquals(event.attributes(), EventCodec.read(EventCodec.write(event, "orders-dead")).attributes());
        }
    }

    @Test
    void whatCouldNotBeReadIsKeptInTheFormOfTheFile() throws Exception {
        letters.keep(List.of(unreadable(new byte[]{9, 8})));
        assertEquals("dev.emc.deadletter", published.get(0).attribute("type"));
        assertArrayEquals(new byte[]{9, 8}, DeadLetterJson.read(published.get(0).data()).body());
    }

    @Test
    void aRecordThatCanBeNoEventIsKeptWhole() throws Exception {
        ConnectorRecord record = ConnectorRecord.builder().attribute("Bad Name", 1).data(new byte[]{5}).build();
        assertThrows(EventFormatException.class, () -> StructuredJson.write(record));
        letters.keep(List.of(letter(record)));
        assertEquals(record.attributes(), DeadLetterJson.read(published.get(0).data()).record().attributes());
    }

    @Test
    void aLetterThatIsTriedAgainHasTheSameId() throws Exception {
        var letter = unreadable(new byte[]{9, 8});
        letters.keep(List.of(letter));
        letters.keep(List.of(letter));
        assertEquals(published.get(0).id(), published.get(1).id());
    }

    @Test
    void itReturnsOnceTheMeshHasAcceptedAll() throws Exception {
        answers = false;
        Thread keeper = new Thread(() -> {
            try {
                letters.keep(List.of(letter(event("1").build()), letter(event("2").build())));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        keeper.start();
        while (!flushed) {
            Thread.onSpinWait();
        }
        unanswered.get(0).accept(null);
        keeper.join(50);
        assertTrue(keeper.isAlive());
        unanswered.get(1).accept(null);
        keeper.join(20_000);
        assertFalse(keeper.isAlive());
    }

    @Test
    void aMeshThatDoesNotTakeThemNowIsTriedAgain() {
        answer = new RetryableException("no answer", null, Duration.ofSeconds(7));
        RetryableException error = assertThrows(RetryableException.class,
                () -> letters.keep(List.of(letter(event("1").build()))));
        assertEquals("a dead letter can't be kept in the topic orders-dead: no answer", error.getMessage());
        assertEquals(Duration.ofSeconds(7), error.after().orElseThrow());
    }

    /** The mesh answers so to events with these ids, and takes all others. */
    private void answersOnlyTo(Exception error, String... ids) {
        byId = id -> List.of(ids).contains(id) ? error : null;
    }

    private List<String> inTheFile() throws Exception {
        return Letters.events(DeadLetterFile.of(folder, "w"));
    }

    private static List<DeadLetter> two() {
        return List.of(letter(event("1").build()), letter(event("2").build()));
    }

    @Test
    void whatTheMeshWillNeverTakeIsKeptInTheFile() throws Exception {
        answersOnlyTo(new PermanentException("it is too long."), "2");
        letters.keep(two());
        assertEquals(List.of("2"), inTheFile());
        assertEquals(List.of("1", "2"), published.stream().map(ConnectorRecord::id).toList());
    }

    @Test
    void nothingGoesToTheFileWhileOthersAreTriedAgain() throws Exception {
        byId = id -> id.equals("1") ? new RetryableException("no answer") : new PermanentException("it is too long");
        assertThrows(RetryableException.class, () -> letters.keep(two()));
        assertEquals(List.of(), inTheFile());
    }

    @Test
    void aLetterAtWhichTheMeshCutsTheConnectionIsKeptInTheFileAndNoOtherOne() throws Exception {
        answersOnlyTo(new RetryableException("lost", new NotConnectedException("reset", true)), "2");
        List<DeadLetter> two = two();
        for (int i = 0; i < 3; i++) {
            assertThrows(RetryableException.class, () -> letters.keep(two));
        }
        letters.keep(two);
        assertEquals(List.of("2"), inTheFile());
    }

    @Test
    void aMeshThatIsAwayIsWaitedFor() throws Exception {
        answersOnlyTo(new RetryableException("lost", new NotConnectedException("connection refused")), "1", "2");
        List<DeadLetter> two = two();
        for (int i = 0; i < 10; i++) {
            assertThrows(RetryableException.class, () -> letters.keep(two));
        }
        assertEquals(List.of(), inTheFile());
    }

    @Test
    void whatOnlyAnotherConfigurationCanMendIsFatal() {
        answer = new FatalException("the mesh refuses user x.");
        FatalException error = assertThrows(FatalException.class, () -> letters.keep(List.of(letter(event("1").build()))));
        assertEquals("a dead letter can't be kept in the topic orders-dead: the mesh refuses user x; set dead-letters.type to"
                + " file", error.getMessage());
    }

    @Test
    void aRawLetterSaysSo() throws Exception {
        letters.keep(List.of(new DeadLetter(event("1").build(), null, null, new PermanentException("no JSON"), 0, "w",
                "file-source", Letters.TIME, true)));
        assertEquals(true, published.get(0).attributes().get("deadraw"));
    }

    @Test
    void aMeshThatRefusesIsFoundAtTheStart() {
        refusal = new FatalException("the mesh refuses user x");
        assertSame(refusal, assertThrows(FatalException.class, () -> letters.open(Duration.ofSeconds(1))));
    }

    @Test
    void theConnectionIsClosed() {
        letters.close();
        assertTrue(closed);
    }

    @Test
    void aLongReasonIsCutShortSoThatTheMeshTakesTheEvent() throws Exception {
        String reason = "😀".repeat(100_000);
        letters.keep(List.of(new DeadLetter(event("1").build(), null, null, new PermanentException(reason), 1, "w", "file-sink",
                Letters.TIME)));
        String kept = published.get(0).attribute("deaderror");
        assertTrue(kept.length() <= 1000, () -> kept.length() + " characters");
        assertTrue(kept.matches("(😀)+…"));
    }
}
