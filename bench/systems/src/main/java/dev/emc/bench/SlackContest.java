package dev.emc.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.slack.api.app_backend.SlackSignature;

import dev.emc.slack.SlackServer;

/**
 * Slack, or rather the stand-in of the tests without its limits: beside a loop over Slack's Java SDK, and beside a server that
 * checks signatures with it.
 */
final class SlackContest implements Contest {

    private static final String SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
    /** Slack itself takes one message a second. */
    private static final double PART = 0.1;

    private final Emc emc;
    private final Wrk wrk;
    private final int bytes;
    private final SlackServer slack = new SlackServer();
    private int channels;

    SlackContest(Emc emc, Tools tools, int bytes) throws Exception {
        this.emc = emc;
        this.bytes = bytes;
        this.wrk = new Wrk(tools);
    }

    @Override
    public List<Contender> contenders() {
        Payload line = Payload.line(bytes);
        return List.of(emc.sink("slack-sink", PART, line, events -> {
            String channel = newChannel();
            return new Emc.Place(Map.of("url", slack.url(), "token", SlackServer.TOKEN, "channel", channel, "interval", "0s"),
                    new Channel(channel, line));
        }), new Contender("slack-sink", "loop over Slack's SDK, JVM", "made-up events; never sends again", PART,
                (folder, events) -> post(folder, events, line)),
                emc.source("slack-source", PART, event(bytes),
                        (folder, events) -> {
                            int port = Ports.free();
                            Path requests = requests(folder, events);
                            return new Emc.Origin(Map.of("port", Integer.toString(port), "server.host", "127.0.0.1",
                                    "signing-secret", SECRET),
                                    () -> wrk.start(folder, events, requests, port, "/slack/events"));
                        }),
                new Contender("slack-source", "bare server, Vert.x and Slack's SDK, JVM", "checks, answers 200 and forgets",
                        PART, this::serve));
    }

    /** What Slack sends of a message with a line in it. */
    static Payload event(int bytes) {
        String text = "\"text\":\"";
        return new Payload("application/json", number -> ("{\"token\":\"old\",\"team_id\":\"T1\",\"api_app_id\":\"A1\","
                + "\"type\":\"event_callback\",\"event_id\":\"Ev" + number + "\",\"event_time\":1700000000,\"event\":{\"type\":"
                + "\"message\",\"channel\":\"C1\",\"user\":\"U1\"," + text + Lines.line(number, bytes) + "\"}}")
                .getBytes(StandardCharsets.US_ASCII), text.getBytes(StandardCharsets.US_ASCII));
    }

    private Run post(Path folder, int events, Payload payload) {
        String channel = newChannel();
        List<String> command = new ArrayList<>(Candidate.program("SlackPoster"));
        command.addAll(List.of(slack.url() + "/", SlackServer.TOKEN, channel, Integer.toString(events),
                Integer.toString(bytes)));
        return new Run(new Channel(channel, payload), () -> new Child(command, folder, folder.resolve("log")));
    }

    private Run serve(Path folder, int events) throws IOException {
        Receiver server = new Receiver(folder, SECRET);
        Path requests = requests(folder, events);
        return new Run(server.arrivals("run", events), server::start).readyWhen(server::ready)
                .thenStart(() -> wrk.start(folder, events, requests, server.port, Receiver.path("run", events)));
    }

    /** Signed ones, valid for five minutes. */
    private Path requests(Path folder, int events) throws IOException {
        SlackSignature.Generator signatures = new SlackSignature.Generator(SECRET);
        String seconds = Long.toString(System.currentTimeMillis() / 1000);
        Payload payload = event(bytes);
        Path file = folder.resolve("requests");
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            for (int number = 1; number <= events; number++) {
                String body = new String(payload.make().apply(number), StandardCharsets.US_ASCII);
                out.write("Content-Type: application/json\tX-Slack-Request-Timestamp: " + seconds + "\tX-Slack-Signature: "
                        + signatures.generate(seconds, body) + "\t" + body + "\n");
            }
        }
        return file;
    }

    private String newChannel() {
        String channel = "C" + ++channels;
        slack.addChannel(channel);
        return channel;
    }

    @Override
    public void close() {
        slack.close();
    }

    /** A channel that is posted to. */
    private final class Channel implements Target {

        private final String id;
        private final Payload payload;

        Channel(String id, Payload payload) {
            this.id = id;
            this.payload = payload;
        }

        @Override
        public long arrived() {
            return slack.posted(id);
        }

        @Override
        public void verify(int events) {
            Tally tally = new Tally();
            slack.texts(id).forEach(text -> tally.add(payload.number(text.getBytes(StandardCharsets.UTF_8))));
            Target.require(tally.distinct(), events);
        }
    }
}
