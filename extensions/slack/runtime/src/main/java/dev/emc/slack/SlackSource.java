package dev.emc.slack;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.FatalException;
import dev.emc.api.Guarantees;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;
import dev.emc.http.server.Answer;
import dev.emc.http.server.Delivery;
import dev.emc.http.server.Exchange;
import dev.emc.http.server.Inbox;
import dev.emc.http.server.RequestHead;
import dev.emc.http.server.ServerSettings;
import dev.emc.http.server.Service;
import dev.emc.http.server.WebServer;
import dev.emc.http.signature.Scheme;
import dev.emc.http.signature.Verifier;
import dev.emc.kit.Tls;
import dev.emc.wire.EventFormatException;

/** Takes what Slack sends to an app: events, slash commands and interactions. Slack gets its answer when the mesh has them. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, ordering = "none: Slack sends several at a time", idempotency = "the event's `id` is Slack's `event_id`, the same each time Slack sends it; those sent again are left out as"
        + " far as they are remembered (`remember`)", testedWith = "Slack's own Java SDK 1.48 as the sender's signature", limits = {
                "Slack sends an event three times again within an hour, then never: what can't be taken for longer is lost, unless"
                        + " `delayed events` are switched on in the app's settings.",
                "Slash commands and interactions are not sent again by Slack: their users see an error.",
                "Socket mode is not spoken.", "Not yet run against Slack itself."})
public class SlackSource implements Source, Service {

    private final SlackSourceConfig config;
    private final Verifier verifier;
    private final SlackEvents events;
    private final Inbox inbox;
    private final RecentIds recent;
    private WebServer server;

    public SlackSource(SlackSourceConfig config) {
        this.config = config;
        this.verifier = new Verifier(new Verifier.Settings(Scheme.SLACK, config.signingSecret(), null, null, null,
                config.tolerance(), null));
        this.events = new SlackEvents(config);
        this.inbox = new Inbox(config.maxWaiting(), config.server().maxBuffered().asLongValue(), false);
        this.recent = new RecentIds(config.remember());
    }

    @Override
    public boolean selfCoordinated() {
        return true; // Slack knows what it has to send again, whoever of several sources takes it
    }

    @Override
    public List<ConfigProblem> validate() {
        List<ConfigProblem> problems = new ArrayList<>();
        if (config.port() < 0 || config.port() > 65_535) {
            problems.add(new ConfigProblem("port", "must be 0 to 65535, not " + config.port()));
        }
        if (!config.path().startsWith("/")) {
            problems.add(new ConfigProblem("path", "must begin with a slash"));
        }
        if (config.signingSecret().stream().anyMatch(String::isBlank)) {
            problems.add(new ConfigProblem("signing-secret", "must not be empty", "it is in the app's basic information"));
        }
        if (config.remember() < 0) {
            problems.add(new ConfigProblem("remember", "must be 0 or more, not " + config.remember()));
        }
        if (config.maxWaiting() < 1) {
            problems.add(new ConfigProblem("max-waiting", "must be 1 or more, not " + config.maxWaiting()));
        }
        if (config.answerWithin().isNegative() || config.answerWithin().isZero()) {
            problems.add(new ConfigProblem("answer-within", "must be longer than 0"));
        }
        problems.addAll(Tls.check("tls", config.tls()));
        return problems;
    }

    @Override
    public List<Check> check() throws FatalException {
        String subject = "port " + config.port();
        try (WebServer tried = listener()) {
            tried.start();
            return List.of(Check.passed(subject, "can be opened"));
        } catch (IOException taken) {
            return List.of(Check.failed(subject, taken.getMessage(), "change connector.port, or stop who has it"));
        }
    }

    private WebServer listener() throws FatalException {
        ServerSettings settings = ServerSettings.of(config.server(), config.port(),
                config.tls().enabled() ? Tls.server(config.tls()) : null);
        return new WebServer(settings.withAnswerTimeout(config.answerWithin()), this);
    }

    @Override
    public void start(SourceContext context) throws FatalException {
        inbox.open();
        server = listener();
        try {
            server.start();
        } catch (IOException e) {
            throw new FatalException(e.getMessage() + "; look at connector.port and connector.server.host", e);
        }
    }

    @Override
    public Answer admit(RequestHead head) {
        if (!head.path().equals(config.path())) {
            return Answer.problem(404, "nothing is taken at this path");
        }
        if (!head.method().equals("POST")) {
            return Answer.problem(405, "this method isn't taken").with("Allow", "POST");
        }
        return null;
    }

    @Override
    public void handle(Exchange exchange) {
        String refusal = verifier.refusal(exchange.head().headers(), exchange.body(), Instant.now());
        if (refusal != null) {
            exchange.answer(Answer.problem(401, refusal));
            return;
        }
        try {
            SlackEvents.Incoming incoming = events.read(exchange.head().mediaType(), exchange.body());
            if (incoming.challenge() != null) {
                exchange.answer(Answer.text(200, "text/plain", incoming.challenge()));
            } else if (incoming.id() == null || recent.isDone(incoming.id())) {
                exchange.answer(Answer.empty(200));
            } else {
                take(exchange, incoming);
            }
        } catch (EventFormatException | IllegalArgumentException e) {
            exchange.answer(Answer.problem(400, e.getMessage()));
        }
    }

    private void take(Exchange exchange, SlackEvents.Incoming incoming) {
        Answer busy = inbox.refusal();
        if (busy != null) {
            exchange.answer(busy);
            return;
        }
        Delivery delivery = new Delivery(exchange, Answer.empty(200), Inbox.notTaken(), () -> recent.done(incoming.id()));
        delivery.build(List.of(incoming.fill(SourceRecord.acknowledgedBy(delivery))));
        inbox.add(delivery);
    }

    @Override
    public Answer late(Exchange exchange) {
        return Inbox.late();
    }

    @Override
    public void tick() {
        inbox.tick();
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws InterruptedException {
        return inbox.poll(max, wait);
    }

    @Override
    public long lag() {
        return inbox.lag();
    }

    @Override
    public void close() {
        if (server != null) {
            server.drain();
            inbox.close();
            server.close();
        }
    }
}
