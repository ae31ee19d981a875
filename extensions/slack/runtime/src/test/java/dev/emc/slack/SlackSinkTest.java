package dev.emc.slack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.emc.api.Check;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.slack.SlackServer.Misbehaviour;
import dev.emc.testkit.Configs;

class SlackSinkTest {

    private final Map<String, Object> settings = new HashMap<>();
    private SlackServer slack;
    private SlackSink sink;

    @BeforeEach
    void start() throws Exception {
        slack = new SlackServer();
        slack.addChannel("C1");
        slack.addChannel("C2");
        settings.putAll(Map.of("url", slack.url(), "token", SlackServer.TOKEN, "channel", "C1", "interval", "0s"));
    }

    @AfterEach
    void stop() {
        if (sink != null) {
            sink.close();
        }
        slack.close();
    }

    private SlackSink sink(String... keysAndValues) throws Exception {
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (keysAndValues[i + 1] == null) {
                settings.remove(keysAndValues[i]);
            } else {
                settings.put(keysAndValues[i], keysAndValues[i + 1]);
            }
        }
        sink = new SlackSink(Configs.of(SlackSinkConfig.class, settings));
        assertEquals(List.of(), sink.validate());
        sink.start(null);
        return sink;
    }

    private static ConnectorRecord event(String id, String text, Object... attributes) {
        var event = ConnectorRecord.builder().attribute("id", id).attribute("source", "/s").attribute("type", "t").text(text);
        for (int i = 0; i < attributes.length; i += 2) {
            event.attribute((String) attributes[i], attributes[i + 1]);
        }
        return event.build();
    }

    private Exception onlyError(ConnectorRecord event) throws Exception {
        List<Failure> failures = sink.put(List.of(event));
        assertEquals(1, failures.size());
        return failures.get(0).error();
    }

    @Test
    void valuesMentionNobody() throws Exception {
        sink("text", "<!here> {/who} says {/what}").put(List.of(event("1", "{\"who\":\"<@U1>\",\"what\":\"a & b\"}")));
        assertEquals("<!here> &lt;@U1&gt; says a &amp; b", slack.messages("C1").get(0).text());
    }

    @Test
    void channelsComeFromTheEvent() throws Exception {
        sink("channel", "{/channel}").put(List.of(event("1", "{\"channel\":\"C2\"}"), event("2", "{\"channel\":\"C1\"}")));
        assertEquals(1, slack.messages("C1").size());
        assertEquals(1, slack.messages("C2").size());
    }

    @Test
    void blocksAreFilledInSafely() throws Exception {
        sink("blocks", "[{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"text\":\"{/a}\"}}]", "text", "{subject|new}")
                .put(List.of(event("1", "{\"a\":\"say \\\"hi\\\"\\n<x>\"}")));
        assertEquals("say \"hi\"\n&lt;x&gt;", slack.messages("C1").get(0).body().at("/blocks/0/text/text").asText());
    }

    @Test
    void repliesAndUpdates() throws Exception {
        sink("thread-ts", "{thread|}", "update-ts", "{change|}").put(List.of(event("1", "first")));
        String ts = slack.messages("C1").get(0).ts();
        sink.put(List.of(event("2", "reply", "thread", ts), event("3", "changed", "change", ts)));
        sink.put(List.of(event("3", "changed", "change", ts)));
        assertEquals(List.of("changed", "reply"), slack.messages("C1").stream().map(SlackServer.Message::text).toList());
        assertEquals(ts, slack.messages("C1").get(1).threadTs());
    }

    @Test
    void aPayloadMayBeTheMessage() throws Exception {
        sink("content", "payload").put(List.of(event("1", "{\"channel\":\"C2\",\"text\":\"*bold*\",\"mrkdwn\":true}")));
        assertEquals("*bold*", slack.messages("C1").get(0).text());
        assertTrue(slack.messages("C1").get(0).body().path("mrkdwn").asBoolean());
        assertInstanceOf(PermanentException.class, onlyError(event("2", "no json")));
    }

    @Test
    void theIdentityOfTheEventTravelsAsMetadata() throws Exception {
        sink().put(List.of(event("17", "x")));
        assertEquals("17", slack.messages("C1").get(0).body().at("/metadata/event_payload/id").asText());
    }

    @Test
    void aTextThatIsTooLongIsRefusedOrCut() throws Exception {
        String text = "😀".repeat(40_001);
        sink();
        assertInstanceOf(PermanentException.class, onlyError(event("1", text)));
        sink.close();
        sink("too-long", "truncate").put(List.of(event("1", text)));
        assertEquals(40_000, slack.messages("C1").get(0).text().codePoints().count());
    }

    @Test
    void oneMessageAnIntervalGoesToAChannelAndOthersGoOn() throws Exception {
        slack.leastMillis = 200;
        sink("channel", "{channel}", "interval", "250ms");
        List<ConnectorRecord> open = new ArrayList<>(List.of(event("1", "a", "channel", "C1"), event("2", "b", "channel", "C1"),
                event("3", "c", "channel", "C1"), event("4", "d", "channel", "C2")));
        List<Failure> failures = sink.put(open);
        assertEquals(List.of("2", "3"), failures.stream().map(failure -> failure.record().id()).toList());
        assertTrue(failures.stream().allMatch(failure -> ((RetryableException) failure.error()).isThrottled()));
        Duration second = ((RetryableException) failures.get(0).error()).after().orElseThrow();
        Duration third = ((RetryableException) failures.get(1).error()).after().orElseThrow();
        assertTrue(second.toMillis() <= 250 && third.minus(second).toMillis() == 250, second + ", " + third);
        assertEquals(1, slack.messages("C2").size());
        Thread.sleep(260); // what is tested is time
        assertEquals(1, sink.put(List.of(open.get(1), open.get(2))).size());
        assertEquals(List.of("a", "b"), slack.messages("C1").stream().map(SlackServer.Message::text).toList());
    }

    @Test
    void slacksOwnLimitIsHonouredAndConcernsOneChannel() throws Exception {
        sink("channel", "{channel}");
        slack.misbehave("chat.postMessage", Misbehaviour.RATE_LIMITED);
        RetryableException limited = assertInstanceOf(RetryableException.class,
                onlyError(event("1", "a", "channel", "C1")));
        assertEquals(Duration.ofSeconds(1), limited.after().orElseThrow());
        assertEquals(List.of(), sink.put(List.of(event("2", "b", "channel", "C2"))));
        assertTrue(((RetryableException) onlyError(event("3", "c", "channel", "C1"))).isThrottled());
    }

    @ParameterizedTest
    @EnumSource(names = {"BROKEN", "HTML_PAGE", "INTERNAL_ERROR", "TAKEN_AND_CUT"})
    void whatIsSlacksFaultIsTriedAgain(Misbehaviour how) throws Exception {
        sink();
        slack.misbehave("chat.postMessage", how);
        Exception error = onlyError(event("1", "a"));
        assertInstanceOf(RetryableException.class, error);
        assertFalse(error.getMessage().contains("<html"), error.getMessage());
        assertEquals(List.of(), sink.put(List.of(event("1", "a"))));
    }

    @Test
    void aBadMessageDoesNotHoldUpOthers() throws Exception {
        slack.archive("C2");
        sink("channel", "{channel}");
        List<Failure> failures = sink.put(List.of(event("1", "a", "channel", "C2"), event("2", "", "channel", "C1"),
                event("3", "c", "channel", "C9")));
        assertEquals(3, failures.size());
        assertTrue(failures.stream().allMatch(failure -> failure.error() instanceof PermanentException), failures::toString);
        assertTrue(failures.stream().anyMatch(failure -> failure.error().getMessage().contains("is_archived")));
    }

    @Test
    void aTokenThatIsRefusedStopsTheWorkerWithoutShowingIt() {
        FatalException refused = assertThrows(FatalException.class, () -> sink("token", "xoxb-wrong-secret"));
        assertTrue(refused.getMessage().contains("invalid_auth"), refused.getMessage());
        assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
    }

    @Test
    void aMissingScopeIsNamed() throws Exception {
        sink();
        slack.scopes = "files:write";
        Exception error = onlyError(event("1", "a"));
        assertInstanceOf(FatalException.class, error);
        assertTrue(error.getMessage().contains("needed: chat:write"), error.getMessage());
    }

    @Test
    void doctorNamesTeamAndScopes() throws Exception {
        slack.scopes = "files:write";
        sink = new SlackSink(Configs.of(SlackSinkConfig.class, settings));
        List<Check> checks = sink.check();
        assertTrue(checks.get(0).passed() && checks.get(0).message().contains("Shop"));
        assertFalse(checks.get(1).passed());
        assertEquals(List.of("auth.test"), slack.requests());
    }

    @Test
    void postsThroughAWebhook() throws Exception {
        String url = "http://127.0.0.1:" + slack.port() + SlackServer.WEBHOOK_PATH;
        sink("mode", "webhook", "webhook-url", url, "token", null, "channel", null, "text", "got {data}")
                .put(List.of(event("1", "it")));
        assertEquals("got it", slack.messages("webhook").get(0).text());
    }

    @Test
    void aWebhookThatIsGoneStopsTheWorkerWithoutShowingIt() throws Exception {
        String url = "http://127.0.0.1:" + slack.port() + "/services/T1/B1/gonesecret";
        sink("mode", "webhook", "webhook-url", url, "token", null, "channel", null);
        Exception error = onlyError(event("1", "it"));
        assertInstanceOf(FatalException.class, error);
        assertTrue(error.getMessage().contains("no_service"), error.getMessage());
        assertFalse(error.getMessage().contains("gonesecret"), error.getMessage());
    }

    @Test
    void uploadsFiles() throws Exception {
        sink("mode", "file", "file-name", "{subject}.csv", "file-title", "Report {id}", "text", "see {id}");
        assertEquals(List.of(), sink.put(List.of(event("1", "a,b\n", "subject", "jan/feb"))));
        SlackServer.SharedFile file = slack.files().get(0);
        assertEquals(List.of("C1", "jan_feb.csv", "Report 1", "see 1"),
                List.of(file.channel(), file.name(), file.title(), file.comment()));
        assertArrayEquals("a,b\n".getBytes(), file.content());
        assertInstanceOf(PermanentException.class, onlyError(event("2", "")));
    }

    @Test
    void anUploadThatBreaksInBetweenIsDoneAgain() throws Exception {
        sink("mode", "file");
        slack.misbehave("files.completeUploadExternal", Misbehaviour.BROKEN);
        assertInstanceOf(RetryableException.class, onlyError(event("1", "content")));
        assertEquals(List.of(), sink.put(List.of(event("1", "content"))));
        assertEquals(1, slack.files().size());
    }
}
