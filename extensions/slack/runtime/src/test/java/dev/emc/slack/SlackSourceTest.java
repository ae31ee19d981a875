package dev.emc.slack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.slack.api.app_backend.SlackSignature;

import dev.emc.api.Acknowledgement;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceRecord;
import dev.emc.testkit.Configs;
import dev.emc.testkit.EmcProcess;

class SlackSourceTest {

    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final HttpClient client = HttpClient.newHttpClient();
    private SlackSource source;
    private URI uri;

    private void start(Object... more) throws Exception {
        int port = EmcProcess.freePort();
        List<Object> keys = new ArrayList<>(List.of("port", port, "server.host", "127.0.0.1", "signing-secret",
                SlackSourceDriver.SECRET));
        keys.addAll(List.of(more));
        source = new SlackSource(Configs.of(SlackSourceConfig.class, keys.toArray()));
        assertEquals(List.of(), source.validate());
        source.start(null);
        uri = URI.create("http://127.0.0.1:" + port + "/slack/events");
    }

    @AfterEach
    void stop() {
        if (source != null) {
            source.close();
        }
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return client.sendAsync(request.uri(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> send(String body, String type) {
        return send(SlackSourceDriver.signed(body, type));
    }

    private static String event(String id, String event) {
        return "{\"token\":\"oldsecret\",\"team_id\":\"T1\",\"api_app_id\":\"A1\",\"type\":\"event_callback\",\"event_id\":\""
                + id
                + "\",\"event_time\":1700000000,\"event\":" + event + "}";
    }

    private static final String MESSAGE = "{\"type\":\"message\",\"channel\":\"C1\",\"user\":\"U1\",\"text\":\"hi\"}";

    /** Polls until a record is there, and lets the mesh accept it. */
    private SourceRecord accepted() throws Exception {
        SourceRecord record = polled();
        ((Acknowledgement) record.progress()).accepted();
        return record;
    }

    private SourceRecord polled() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() - end < 0) {
            List<SourceRecord> records = source.poll(1, Duration.ofMillis(100));
            if (!records.isEmpty()) {
                return records.get(0);
            }
        }
        throw new AssertionError("nothing came");
    }

    private static int status(CompletableFuture<HttpResponse<String>> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS).statusCode();
    }

    @Test
    void anEventKeepsItsIdentity() throws Exception {
        start();
        var answer = send(event("Ev1", MESSAGE), JSON);
        SourceRecord record = accepted();
        assertEquals(200, status(answer));
        assertEquals(List.of("Ev1", "/slack/T1/A1", "com.slack.message", "C1"), List.of(record.id(),
                record.attribute("source"), record.attribute("type"), record.attribute("subject")));
        assertEquals(Instant.ofEpochSecond(1_700_000_000), record.timestamp());
        assertTrue(record.text().contains("\"text\":\"hi\""));
    }

    @Test
    void theOldTokenIsNotPassedOn() throws Exception {
        start();
        send(event("Ev1", MESSAGE), JSON);
        assertFalse(accepted().text().contains("oldsecret"));
    }

    @Test
    void slackIsAnsweredOnlyWhenTheMeshHasIt() throws Exception {
        start();
        var answer = send(event("Ev1", MESSAGE), JSON);
        SourceRecord record = polled();
        assertFalse(answer.isDone());
        ((Acknowledgement) record.progress()).accepted();
        assertEquals(200, status(answer));
    }

    @Test
    void whatTheMeshDoesNotTakeSlackHasToSendAgain() throws Exception {
        start();
        var answer = send(event("Ev1", MESSAGE), JSON);
        ((Acknowledgement) polled().progress()).rejected(new RetryableException("no"));
        assertEquals(503, status(answer));
        var again = send(event("Ev1", MESSAGE), JSON);
        assertEquals("Ev1", accepted().id());
        assertEquals(200, status(again));
    }

    @Test
    void aSlowMeshDoesNotLetSlackWaitForEver() throws Exception {
        start("answer-within", "300ms");
        assertEquals(503, status(send(event("Ev1", MESSAGE), JSON)));
    }

    @Test
    void whatSlackSendsAgainIsTakenOnce() throws Exception {
        start();
        send(event("Ev1", MESSAGE), JSON);
        accepted();
        var again = send(SlackSourceDriver.signed(event("Ev1", MESSAGE), JSON).header("X-Slack-Retry-Num", "1")
                .header("X-Slack-Retry-Reason", "http_timeout"));
        assertEquals(200, status(again));
        assertEquals(List.of(), source.poll(1, Duration.ofMillis(50)));
    }

    @Test
    void answersTheChallenge() throws Exception {
        start();
        var answer = send("{\"token\":\"x\",\"challenge\":\"3eZbrw1aB\",\"type\":\"url_verification\"}", JSON).get();
        assertEquals("3eZbrw1aB", answer.body());
    }

    @Test
    void aForgedRequestIsRefusedWithoutSayingMuch() throws Exception {
        start();
        String body = event("Ev1", MESSAGE);
        var forged = send(SlackSourceDriver.signed(body, JSON).setHeader("X-Slack-Signature",
                "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")).get();
        assertEquals(401, forged.statusCode());
        assertFalse(forged.body().contains(SlackSourceDriver.SECRET));
        String old = Long.toString(System.currentTimeMillis() / 1000 - 600);
        var replayed = send(SlackSourceDriver.signed(body, JSON).setHeader("X-Slack-Request-Timestamp", old)
                .setHeader("X-Slack-Signature", new SlackSignature.Generator(SlackSourceDriver.SECRET).generate(old, body)));
        assertEquals(401, status(replayed));
        assertEquals(401, status(send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(body)))));
        assertEquals(List.of(), source.poll(1, Duration.ofMillis(50)));
    }

    @Test
    void eachOfSeveralSecretsIsValid() throws Exception {
        start("signing-secret", "new," + SlackSourceDriver.SECRET);
        var answer = send(event("Ev1", MESSAGE), JSON);
        accepted();
        assertEquals(200, status(answer));
    }

    @Test
    void aSlashCommandIsAnEvent() throws Exception {
        start();
        var answer = send("token=oldsecret&team_id=T1&channel_id=C7&user_id=U1&command=%2Fdeploy&text=web+%26+api"
                + "&api_app_id=A1&trigger_id=13345224609.738474920.8088930838d88f008e0", FORM);
        SourceRecord record = accepted();
        assertEquals(200, status(answer));
        assertEquals("com.slack.slash_command", record.attribute("type"));
        assertEquals("13345224609.738474920.8088930838d88f008e0", record.id());
        assertEquals("C7", record.attribute("subject"));
        assertTrue(record.text().contains("\"text\":\"web & api\"") && !record.text().contains("oldsecret"), record.text());
    }

    @Test
    void anInteractionIsAnEvent() throws Exception {
        start();
        send("payload=%7B%22type%22%3A%22block_actions%22%2C%22token%22%3A%22x%22%2C%22team%22%3A%7B%22id%22%3A%22T1%22%7D%2C"
                + "%22api_app_id%22%3A%22A1%22%2C%22trigger_id%22%3A%221.2.3%22%2C%22channel%22%3A%7B%22id%22%3A%22C9%22%7D%7D",
                FORM);
        SourceRecord record = accepted();
        assertEquals(List.of("block_actions-1.2.3", "com.slack.block_actions", "C9", "/slack/T1/A1"), List.of(record.id(),
                record.attribute("type"), record.attribute("subject"), record.attribute("source")));
    }

    @Test
    void eventsThatNobodyWantsAreAnsweredAndLeft() throws Exception {
        start("events", "reaction_added", "bots", "false");
        assertEquals(200, status(send(event("Ev1", MESSAGE), JSON)));
        assertEquals(200, status(send(event("Ev2", "{\"type\":\"reaction_added\",\"bot_id\":\"B1\"}"), JSON)));
        assertEquals(200, status(send("ssl_check=1&token=x", FORM)));
        send(event("Ev3", "{\"type\":\"reaction_added\",\"item\":{\"channel\":\"C4\"}}"), JSON);
        SourceRecord record = accepted();
        assertEquals("Ev3", record.id());
        assertEquals("C4", record.attribute("subject"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "no json", "{}", "{\"type\":\"event_callback\"}", "{\"type\":1}{}"})
    void whatSlackNeverSendsIsRefused(String body) throws Exception {
        start();
        assertEquals(400, status(send(body, JSON)));
    }

    @Test
    void callersHaveToKnowPathAndMethod() throws Exception {
        start();
        URI other = uri.resolve("/elsewhere");
        assertEquals(404, client.send(SlackSourceDriver.signed("{}", JSON).uri(other).build(),
                HttpResponse.BodyHandlers.ofString()).statusCode());
        assertEquals(405, status(send(HttpRequest.newBuilder().GET())));
    }
}
