package dev.emc.http;

import java.time.Duration;
import java.util.List;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.Guarantees;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;

/** Takes events from HTTP requests, or asks servers for them. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, deliveryExcept = "at most once with `connector.answer: received`", ordering = "none among requests that are under way together; with `connector.mode: poll` as in the answers of each URL", idempotency = "a CloudEvent keeps its `id`; a plain request has the id of its header (`connector.id-headers`), without one a random `id`; a polled item has its own id, or one made of its content", testedWith = {
        "the HTTP client and server of JDK 17", "Vert.x 4.5", "CloudEvents SDK 4.0"}, limits = {
                "A caller that sends a plain request without an id again makes a second event.",
                "HTTP/2 is not spoken to callers; compressed bodies are refused with 415."})
public class HttpSource implements Source {

    private final HttpSourceConfig config;
    private PushSource push;
    private PollSource poll;

    public HttpSource(HttpSourceConfig config) {
        this.config = config;
    }

    private boolean isPush() {
        return config.mode() == HttpSourceConfig.Mode.PUSH;
    }

    @Override
    public boolean selfCoordinated() {
        return isPush(); // several of them may stand behind a load balancer, and callers know what they have to send again
    }

    @Override
    public List<ConfigProblem> validate() {
        return new HttpSourceRules(config).check();
    }

    @Override
    public List<Check> check() throws Exception {
        return isPush() ? HttpSourceCheck.push(config) : HttpSourceCheck.poll(config);
    }

    @Override
    public void start(SourceContext context) throws Exception {
        if (isPush()) {
            push = new PushSource(config);
            push.start();
        } else {
            poll = new PollSource(config);
            poll.start(context);
        }
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws Exception {
        return push != null ? push.poll(max, wait) : poll.poll(max, wait);
    }

    @Override
    public long lag() {
        return push != null ? push.lag() : poll.lag();
    }

    @Override
    public void close() {
        if (push != null) {
            push.close();
        }
        if (poll != null) {
            poll.close();
        }
    }
}
