package dev.emc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.SourceRecord;
import dev.emc.testkit.Configs;
import dev.emc.testkit.MemoryPositions;

class PollSourceTest {

    private final MemoryPositions registry = new MemoryPositions();
    private final List<SourceRecord> records = new ArrayList<>();
    private Target server;
    private PollSource source;

    @BeforeEach
    void startServer() throws Exception {
        server = new Target();
    }

    @AfterEach
    void stop() {
        if (source != null) {
            source.close();
        }
        server.close();
    }

    /** Starts where the registry stands. */
    private void start(Object... keysAndValues) throws Exception {
        if (source != null) {
            source.close();
        }
        Object[] all = new Object[keysAndValues.length + 6];
        System.arraycopy(new Object[]{"mode", "poll", "poll.urls", server.url("/items?all=1"), "poll.interval", "20ms"}, 0, all,
                0,
                6);
        System.arraycopy(keysAndValues, 0, all, 6, keysAndValues.length);
        HttpSourceConfig config = Configs.of(HttpSourceConfig.class, all);
        assertEquals(List.of(), new HttpSourceRules(config).check());
        source = new PollSource(config);
        source.start(registry);
    }

    /** Reads until nothing has come for a few rounds, and commits the first so many of what came. */
    private List<String> read(int commit) throws Exception {
        List<SourceRecord> found = new ArrayList<>();
        for (int quiet = 0; quiet < 3;) {
            List<SourceRecord> some = source.poll(7, Duration.ofMillis(60));
            quiet = some.isEmpty() ? quiet + 1 : 0;
            found.addAll(some);
        }
        registry.save(found.subList(0, Math.min(commit, found.size())));
        records.addAll(found);
        return found.stream().map(SourceRecord::text).toList();
    }

    private List<String> read() throws Exception {
        return read(Integer.MAX_VALUE);
    }

    private static Target.Reply json(String body, String... headers) {
        Map<String, String> all = new HashMap<>(Map.of("Content-Type", "application/json"));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return new Target.Reply(200, body, all);
    }

    /** Items from one number to the other as JSON. */
    private static String items(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "{\"id\":" + i + ",\"v\":\"é" + i + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "{\"id\":" + i + ",\"v\":\"é" + i + "\"}").toList();
    }

    @Test
    void anAnswerIsAnEventOnce() throws Exception {
        server.answer(seen -> json("{\"t\":20}"));
        start();
        assertEquals(List.of("{\"t\":20}"), read());
        server.answer(seen -> json("{\"t\":21}"));
        assertEquals(List.of("{\"t\":21}"), read());
        assertEquals("all=1", server.all().get(0).query());
    }

    @Test
    void anUnchangedAnswerIsAskedForOnlyWithItsTag() throws Exception {
        server.answer(seen -> "\"v1\"".equals(seen.header("If-None-Match"))
                ? Target.Reply.of(304)
                : json("{\"t\":20}", "ETag", "\"v1\"", "Last-Modified", "Sun, 22 Nov 2026 10:00:00 GMT"));
        start();
        assertEquals(1, read().size());
        assertEquals("\"v1\"", server.all().get(1).header("If-None-Match"));
        assertEquals("Sun, 22 Nov 2026 10:00:00 GMT", server.all().get(1).header("If-Modified-Since"));
    }

    @Test
    void eachNewItemIsAnEvent() throws Exception {
        server.answer(seen -> json("{\"data\":{\"list\":" + items(0, 20) + "}}"));
        start("poll.items", "/data/list", "poll.id", "/id");
        assertEquals(texts(0, 20), read());
        server.answer(seen -> json("{\"data\":{\"list\":" + items(15, 25) + "}}"));
        assertEquals(texts(20, 25), read());
        assertEquals("3", records.get(3).id());
        assertEquals("application/json", records.get(3).contentType());
    }

    @Test
    void anItemWithAKnownIdIsNotSentAgain() throws Exception {
        server.answer(seen -> json("[{\"id\":\"a\",\"v\":1}]"));
        start("poll.items", "/", "poll.id", "/id");
        assertEquals(1, read().size());
        server.answer(seen -> json("[{\"id\":\"a\",\"v\":2}]"));
        assertEquals(0, read().size());
    }

    @Test
    void anItemWithoutAnIdIsKnownByItsContent() throws Exception {
        server.answer(seen -> json("[{\"v\":1},{\"v\":1},{\"v\":2}]"));
        start("poll.items", "/");
        assertEquals(List.of("{\"v\":1}", "{\"v\":2}"), read());
    }

    @Test
    void aRestartSendsNothingAgain() throws Exception {
        server.answer(seen -> json(items(0, 1200)));
        start("poll.items", "/", "poll.id", "/id");
        assertEquals(1200, read().size());
        server.answer(seen -> json(items(1000, 1210)));
        start("poll.items", "/", "poll.id", "/id");
        assertEquals(texts(1200, 1210), read());
    }

    @Test
    void aRestartInTheMiddleSendsTheRestWhateverHasChanged() throws Exception {
        server.answer(seen -> json(items(0, 30)));
        start("poll.items", "/", "poll.id", "/id");
        read(11);
        server.answer(seen -> json("[{\"id\":99}," + items(5, 30).substring(1)));
        start("poll.items", "/", "poll.id", "/id");
        List<String> again = new ArrayList<>(List.of("{\"id\":99}"));
        again.addAll(texts(11, 30));
        assertEquals(again, read());
    }

    @Test
    void pagesAreFollowedByLinks() throws Exception {
        server.answer(seen -> seen.query().contains("page=2")
                ? json(items(10, 15))
                : json(items(0, 10), "Link",
                        "<" + server.url("/items?page=0") + ">; rel=\"prev\", </items?page=2>; rel=\"next\""));
        start("poll.items", "/", "poll.id", "/id", "poll.pages", "link");
        assertEquals(texts(0, 15), read());
    }

    @Test
    void aLinkToAnotherServerIsNotFollowed() throws Exception {
        server.answer(seen -> json(items(0, 1), "Link", "<http://localhost:" + server.port() + "/items?evil=1>; rel=next"));
        start("poll.items", "/", "poll.pages", "link");
        read();
        assertTrue(server.all().stream().noneMatch(seen -> seen.query().contains("evil")));
    }

    @Test
    void pagesAreFollowedByCursors() throws Exception {
        server.answer(seen -> seen.query().endsWith("&after=c%2F1")
                ? json("{\"items\":" + items(10, 15) + ",\"next\":null}")
                : json("{\"items\":" + items(0, 10) + ",\"next\":\"c/1\"}"));
        start("poll.items", "/items", "poll.id", "/id", "poll.pages", "cursor", "poll.cursor", "/next", "poll.parameter",
                "after");
        assertEquals(texts(0, 15), read());
    }

    @Test
    void pagesAreCounted() throws Exception {
        server.answer(seen -> seen.query().endsWith("&page=1")
                ? json(items(0, 10))
                : seen.query().endsWith("&page=2") ? json(items(10, 12)) : json("[]"));
        start("poll.items", "/", "poll.id", "/id", "poll.pages", "page");
        assertEquals(texts(0, 12), read());
    }

    /** A feed of changes: the cursor is how many have been read; a page has ten at the most. */
    private Target.Reply feed(Target.Seen seen, int size) {
        int at = seen.query().indexOf("cursor=");
        int from = at < 0 ? 0 : Integer.parseInt(seen.query().substring(at + 7));
        int to = Math.min(size, from + 10);
        return json("{\"items\":" + items(from, to) + ",\"next\":\"" + to + "\"}");
    }

    @Test
    void aFeedGoesOnAtItsCursorAlsoAfterARestart() throws Exception {
        String[] feed = {"poll.items", "/items", "poll.id", "/id", "poll.pages", "cursor", "poll.cursor", "/next",
                "poll.resume",
                "true", "poll.remember", "10"};
        server.answer(seen -> feed(seen, 35));
        start((Object[]) feed);
        assertEquals(texts(0, 35), read());
        server.answer(seen -> feed(seen, 52));
        assertEquals(texts(35, 52), read());
        int asked = server.all().size();
        start((Object[]) feed);
        assertEquals(List.of(), read());
        assertTrue(server.all().subList(asked, server.all().size()).stream().allMatch(seen -> seen.query().contains("cursor=")),
                "it began at the beginning");
    }

    @Test
    void headersAndCredentialsAreSent() throws Exception {
        server.answer(seen -> json("1"));
        start("poll.headers.X-A", "b", "poll.auth.type", "bearer", "poll.auth.token", "t");
        assertEquals("b", server.all().get(0).header("X-A"));
        assertEquals("Bearer t", server.all().get(0).header("Authorization"));
    }

    @Test
    void anAnswerThatIsNoJsonIsAskedForAgain() throws Exception {
        server.answer(seen -> json("[]"));
        start("poll.items", "/");
        server.answer(seen -> json("<html>"));
        assertThrows(ConnectorException.class, this::read);
        server.answer(seen -> json(items(0, 2)));
        assertEquals(texts(0, 2), read());
    }

    @Test
    void aWrongUrlStops() {
        server.answer(seen -> Target.Reply.of(404));
        assertThrows(FatalException.class, this::start);
    }

    @Test
    void oneUrlThatFailsDoesNotStopTheOthers() throws Exception {
        server.answer(seen -> json("[]"));
        start("poll.urls", server.url("/bad") + "," + server.url("/good"), "poll.items", "/", "poll.id", "/id");
        server.answer(seen -> seen.path().equals("/bad") ? Target.Reply.of(503) : json(items(0, 3)));
        List<SourceRecord> found = new ArrayList<>();
        for (int i = 0; i < 50 && found.size() < 3; i++) {
            try {
                found.addAll(source.poll(10, Duration.ofMillis(50)));
            } catch (ConnectorException expected) {
                assertTrue(expected.getMessage().contains("503"), expected::getMessage);
            }
        }
        assertEquals(3, found.size());
    }
}
