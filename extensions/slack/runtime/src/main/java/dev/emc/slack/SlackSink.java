package dev.emc.slack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.Guarantees;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;
import dev.emc.http.client.Auth;
import dev.emc.http.client.ClientSettings;
import dev.emc.http.client.HttpSender;
import dev.emc.http.client.ParallelSends;
import dev.emc.kit.Tls;
import dev.emc.slack.SlackSinkConfig.Mode;

/** Posts events to Slack: as messages, through a webhook, or as files. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, ordering = "in order within a channel", idempotency = "none: Slack has no key for it, so a message whose answer got lost is posted again; `update-ts` changes the"
        + " same message again", testedWith = "a stand-in written from Slack's public API reference, checked by Slack's own Java SDK 1.48", limits = {
                "One message a second and channel (`interval`), as Slack allows: more wait in the mesh.",
                "Not yet run against Slack itself."})
public class SlackSink implements Sink {

    private final SlackSinkConfig config;
    /** When each channel may get its next message, by {@link System#nanoTime()}; only those that can't yet. */
    private final Map<String, Long> turns = new HashMap<>();
    private SlackRequests requests;
    private HttpSender sender;

    public SlackSink(SlackSinkConfig config) {
        this.config = config;
    }

    @Override
    public List<ConfigProblem> validate() {
        return SlackSinkRules.check(config);
    }

    @Override
    public List<Check> check() throws Exception {
        open();
        return new SlackSinkCheck(config, requests, sender).check();
    }

    @Override
    public void start(SinkContext context) throws Exception {
        open();
        if (config.mode() != Mode.WEBHOOK) {
            SlackAnswer.of(requests.authTest(), sender.exchange(requests.authTest())).orThrow();
        }
    }

    private void open() throws FatalException {
        requests = new SlackRequests(config);
        Auth auth = config.mode() == Mode.WEBHOOK ? Auth.none() : Auth.bearer(config.token().orElseThrow());
        sender = new HttpSender(ClientSettings.of(config.client(), config.tls().enabled() ? Tls.client(config.tls()) : null),
                auth);
    }

    /** With an interval one message a channel goes out; those whose turn comes later wait without holding up others. */
    @Override
    public List<Failure> put(List<ConnectorRecord> batch) throws Exception {
        long now = System.nanoTime();
        turns.values().removeIf(turn -> turn - now <= 0);
        List<Failure> failures = new ArrayList<>();
        List<ParallelSends.Item<Post>> first = new ArrayList<>();
        Map<String, List<ConnectorRecord>> waiting = new HashMap<>();
        for (ConnectorRecord event : batch) {
            try {
                String channel = requests.channel(event);
                if (turns.containsKey(channel) || waiting.containsKey(channel)) {
                    waiting.computeIfAbsent(channel, any -> new ArrayList<>()).add(event);
                    continue;
                }
                first.add(new ParallelSends.Item<>(new Post(event, channel), channel, requests.post(event, channel)));
                if (!config.interval().isZero()) {
                    waiting.put(channel, new ArrayList<>());
                }
            } catch (PermanentException bad) {
                failures.add(new Failure(event, bad));
            }
        }
        if (config.mode() == Mode.FILE) {
            upload(first, failures);
        } else {
            ParallelSends.Judge judge = config.mode() == Mode.WEBHOOK ? SlackAnswer::plainError : SlackAnswer::error;
            for (ParallelSends.Result<Post> result : ParallelSends.send(sender, judge, config.parallel(), first)) {
                done(result.item().subject(), result.error(), failures);
            }
        }
        waiting.forEach((channel, events) -> throttle(channel, events, failures));
        return failures;
    }

    private record Post(ConnectorRecord event, String channel) {}

    /** Each file takes three requests. */
    private void upload(List<ParallelSends.Item<Post>> files, List<Failure> failures) throws InterruptedException {
        SlackUpload upload = new SlackUpload(requests, sender);
        for (ParallelSends.Item<Post> file : files) {
            ConnectorException error = null;
            try {
                upload.upload(file.request(), file.subject().event, file.subject().channel);
            } catch (ConnectorException failed) {
                error = failed;
            }
            done(file.subject(), error, failures);
        }
    }

    private void done(Post post, ConnectorException error, List<Failure> failures) {
        Duration pause = config.interval();
        if (error instanceof RetryableException later) {
            pause = later.after().orElse(pause);
        }
        if (!pause.isZero()) {
            turns.put(post.channel, System.nanoTime() + pause.toNanos());
        }
        if (error != null) {
            failures.add(new Failure(post.event, error));
        }
    }

    /** Gives those that are behind another one their turns, one interval after the other. */
    private void throttle(String channel, List<ConnectorRecord> events, List<Failure> failures) {
        long now = System.nanoTime();
        Duration turn = Duration.ofNanos(Math.max(0, turns.getOrDefault(channel, now) - now));
        for (ConnectorRecord event : events) {
            failures.add(new Failure(event,
                    RetryableException.throttled("its channel takes one message each " + config.interval().toMillis() + " ms",
                            turn)));
            turn = turn.plus(config.interval());
        }
    }

    @Override
    public void close() {
        if (sender != null) {
            sender.close();
        }
    }
}
