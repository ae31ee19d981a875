package dev.emc.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.core.cli.CommandLineFixture.Outcome;
import dev.emc.core.deadletters.DeadLetterFile;
import dev.emc.core.deadletters.DeadLetterReader;
import dev.emc.core.deadletters.FileDeadLetters;
import dev.emc.core.deadletters.Replay;
import dev.emc.core.engine.DeadLetter;

class DeadLettersCommandTest extends CommandTest {

    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");

    @BeforeEach
    void prepare() {
        emc.file("sink.yaml", "mesh.topic: t\nconnector.path: x\nname: orders\ndead-letters.path: " + folder + "/dead\n");
    }

    private static ConnectorRecord record(String id, String type, byte[] data) {
        return ConnectorRecord.builder().attribute("id", id).attribute("source", "s").attribute("type", type).data(data)
                .contentType("text/plain").timestamp(TIME).topic("t").build();
    }

    private void keep(DeadLetter... letters) throws Exception {
        try (var file = new FileDeadLetters(folder.resolve("dead"), "orders")) {
            file.keep(List.of(letters));
        }
    }

    private static DeadLetter letter(ConnectorRecord record, String error) {
        return new DeadLetter(record, null, null, new PermanentException(error), 3, "orders", "file-sink", TIME);
    }

    private static DeadLetter unreadable(byte[] body) {
        return new DeadLetter(null, body, null, new PermanentException("no event"), 0, "orders", "file-sink", TIME);
    }

    /** The ids of all letters, oldest first. */
    private List<String> ids() throws Exception {
        List<String> ids = new ArrayList<>();
        try (DeadLetterReader reader = DeadLetterFile.of(folder.resolve("dead"), "orders").read()) {
            for (var entry = reader.next(); entry != null; entry = reader.next()) {
                ids.add(entry.id());
            }
        }
        return ids;
    }

    private Outcome deadLetters(String... arguments) {
        var all = new ArrayList<>(List.of("dead-letters"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("-c", folder + "/sink.yaml"));
        return emc.execute(all.toArray(String[]::new));
    }

    private void markReplayed(String id) throws Exception {
        try (Replay replay = DeadLetterFile.of(folder.resolve("dead"), "orders").replay()) {
            replay.done(id);
        }
    }

    @Test
    void listHasTheNewestLast() throws Exception {
        keep(letter(record("e1", "a", new byte[1]), "first"), letter(record("e2", "b", new byte[1]), "line\nbreak"));
        List<String> ids = ids();

        String wide = " ".repeat(ids.get(0).length() - 2);
        assertEquals(new Outcome(0, "ID" + wide + """
                  TIME                  TRIES  EVENT  ERROR
                %s  2026-11-22T10:00:00Z  3      e1     first
                %s  2026-11-22T10:00:00Z  3      e2     line break
                2 dead letters in dead/orders.ndjson
                """.formatted(ids.get(0), ids.get(1)), ""), deadLetters("list"));
    }

    @Test
    void noneIsSaid() {
        assertEquals(new Outcome(0, "no dead letters in dead/orders.ndjson\n", ""), deadLetters("list"));
        assertTrue(Files.notExists(folder.resolve("dead")));
    }

    @Test
    void limitKeepsTheNewest() throws Exception {
        keep(letter(record("e1", "a", null), "x"), letter(record("e2", "a", null), "x"),
                letter(record("e3", "a", null), "x"));

        String out = deadLetters("list", "--limit", "1").out();

        assertTrue(out.contains(" e3 ") && !out.contains(" e2 "), out);
        assertTrue(out.endsWith("\n3 dead letters, the last 1 are shown in dead/orders.ndjson\n"), out);
    }

    @Test
    void filterLooksAtTheEvent() throws Exception {
        keep(letter(record("e1", "a", null), "x"), letter(record("e2", "b", null), "x"), unreadable(new byte[]{1}));

        String out = deadLetters("list", "--filter", "type = 'b'").out();

        assertTrue(out.contains(" e2 ") && !out.contains(" e1 ") && !out.contains("unreadable"), out);
    }

    @Test
    void aBadFilterIsSaid() {
        Outcome outcome = deadLetters("list", "--filter", "type = ");

        assertEquals(2, outcome.exitCode());
        assertTrue(outcome.err().startsWith("--filter: "), outcome.err());
    }

    @Test
    void whatWasReplayedIsListedOnlyWithAll() throws Exception {
        keep(letter(record("e1", "a", null), "x"), letter(record("e2", "a", null), "x"));
        markReplayed(ids().get(0));

        String out = deadLetters("list").out();
        assertTrue(!out.contains(" e1 ") && out.endsWith("\n1 dead letter, 1 more was replayed in dead/orders.ndjson\n"), out);
        out = deadLetters("list", "--all").out();
        assertTrue(out.contains(" e1     (replayed) x\n"), out);
    }

    @Test
    void listIsAnEnvelopeWithJson() throws Exception {
        keep(letter(record("e1", "a", null), "x"));

        JsonNode result = new ObjectMapper().readTree(deadLetters("list", "--json").out()).path("result");

        assertEquals(1, result.path("count").asInt());
        JsonNode letter = result.path("letters").path(0);
        assertEquals(ids().get(0), letter.path("id").asText());
        assertEquals("e1", letter.path("event").asText());
        assertEquals("dev.emc.api.PermanentException", letter.path("error").path("class").asText());
    }

    @Test
    void showHasEverything() throws Exception {
        ConnectorRecord record = record("e1", "a", "hello\nworld".getBytes());
        keep(new DeadLetter(record, null, new Position(Map.of("file", "f"), Map.of("byte", 7)), new PermanentException("x"),
                3, "orders", "file-sink", TIME));

        assertEquals(new Outcome(0, """
                id: %s
                time: 2026-11-22T10:00:00Z
                worker: orders
                connector: file-sink
                error:
                  class: dev.emc.api.PermanentException
                  message: x
                attempts: 3
                replayed: false
                topic: t
                position:
                  partition:
                    file: f
                  offset:
                    byte: 7
                attributes:
                  id: e1
                  source: s
                  type: a
                eventtime: 2026-11-22T10:00:00Z
                contenttype: text/plain
                bytes: 11
                data:
                hello
                world
                """.formatted(ids().get(0)), ""), deadLetters("show", ids().get(0)));
    }

    @Test
    void binaryDataIsBase64() throws Exception {
        keep(letter(record("e1", "a", new byte[]{0, 1, (byte) 0xff}), "x"));

        assertTrue(deadLetters("show", ids().get(0)).out().endsWith("bytes: 3\ndata_base64: AAH/\n"));
    }

    @Test
    void anUnreadableBodyIsShown() throws Exception {
        keep(unreadable("{broken".getBytes()));

        assertTrue(deadLetters("show", ids().get(0)).out().endsWith("bytes: 7\nbody: {broken\n"));
    }

    @Test
    void anUnknownIdIsSaid() {
        assertEquals(new Outcome(2, "",
                "there is no dead letter \"x-1\" in dead/orders.ndjson; \"dead-letters list --all\" lists them\n"),
                deadLetters("show", "x-1"));
    }

    @Test
    void thoseOnATopicAreAnEventAway() {
        emc.file("sink.yaml", "mesh.topic: t\nconnector.path: x\ndead-letters.type: topic\ndead-letters.topic: bad\n");

        for (String command : List.of("list", "show x", "replay --all")) {
            assertEquals(
                    new Outcome(2, "",
                            "the dead letters of this worker are events on the topic bad of the mesh; run a sink with mesh.topic bad to get at them\n"),
                    deadLetters(command.split(" ")));
        }
    }

    @Test
    void onlyOneReplaysAtATime() throws Exception {
        keep(letter(record("e1", "a", null), "x"));
        try (Replay replay = DeadLetterFile.of(folder.resolve("dead"), "orders").replay()) {
            Outcome outcome = deadLetters("replay", "--all");

            assertEquals(3, outcome.exitCode());
            assertEquals("The dead letters of 'orders' are being replayed by another process; wait until it has ended.\n",
                    outcome.err());
        }
    }

    @Test
    void whatWasReplayedIsNotReplayedAgain() throws Exception {
        keep(letter(record("e1", "a", null), "x"));
        markReplayed(ids().get(0));

        assertEquals(new Outcome(0, "nothing to replay: all of them were replayed\n", ""),
                deadLetters("replay", ids().get(0)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "replay|say which dead letters: ids, --filter EXPRESSION or --all; \"dead-letters list\" lists them",
            "replay --all x-1|say which dead letters: ids, --filter EXPRESSION or --all; \"dead-letters list\" lists them",
            "replay --all --limit 0|--limit: must be 1 or more, not 0",
            "replay x-1 y-1|there is no dead letter x-1, y-1 in dead/orders.ndjson; \"dead-letters list --all\" lists them"})
    void whatCannotBeReplayedIsSaid(String arguments, String expected) {
        assertEquals(new Outcome(2, "", expected + "\n"), deadLetters(arguments.split(" ")));
    }

    private static DeadLetter raw(String id) {
        return new DeadLetter(record(id, "a", new byte[]{'{'}), null, null, new PermanentException("no JSON"), 0, "orders",
                "file-source", TIME, true);
    }

    @Test
    void whatTheSourceCouldMakeNoRecordOfIsMarkedInTheList() throws Exception {
        keep(raw("e1"));

        assertTrue(deadLetters("list").out().contains("e1     (raw) no JSON\n"), deadLetters("list").out());
    }

    @Test
    void whatTheSourceCouldMakeNoRecordOfIsNotReplayed() throws Exception {
        keep(raw("e1"), raw("e2"));

        assertEquals(
                new Outcome(0, "nothing to replay: 2 are only what the source has read and could make no record of, and stay;"
                        + " mend them in the outside system, or use --raw to send them to the mesh as they are\n", ""),
                deadLetters("replay", "--all"));
        assertEquals(
                new Outcome(2, "", "1 is only what the source has read and could make no record of, and stays; mend them in"
                        + " the outside system, or use --raw to send them to the mesh as they are\n"),
                deadLetters("replay", ids().get(0)));
    }

    @Test
    void rawLettersAreReplayedWhenThatIsAskedFor() throws Exception {
        keep(raw("e1"));
        var asked = new AtomicBoolean();
        emc.launcher = task -> {
            asked.set(((ReplayTask) task).choice().test(DeadLetterFile.of(folder.resolve("dead"), "orders")
                    .find(ids().get(0)).orElseThrow()));
            return Result.ok("", null);
        };

        deadLetters("replay", "--all", "--raw");

        assertTrue(asked.get());
    }

    @Test
    void othersAreReplayedWithoutTheRawOnes() throws Exception {
        keep(raw("e1"), letter(record("e2", "a", null), "x"));
        var chosen = new ArrayList<String>();
        emc.launcher = task -> {
            for (String id : ids()) {
                var entry = DeadLetterFile.of(folder.resolve("dead"), "orders").find(id).orElseThrow();
                if (((ReplayTask) task).choice().test(entry)) {
                    chosen.add(entry.record().id());
                }
            }
            return Result.ok("", null);
        };

        deadLetters("replay", "--all");

        assertEquals(List.of("e2"), chosen);
    }

    @Test
    void whatTheTopicCouldNotTakeIsInTheFile() throws Exception {
        emc.file("sink.yaml", "mesh.topic: t\nconnector.path: x\nname: orders\ndead-letters.type: topic\n"
                + "dead-letters.topic: bad\ndead-letters.path: " + folder + "/dead\n");
        keep(letter(record("e1", "a", null), "too long"));

        assertTrue(deadLetters("list").out().contains("too long"), deadLetters("list").out());
    }

}
