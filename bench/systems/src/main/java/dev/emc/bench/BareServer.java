package dev.emc.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.slack.api.app_backend.SlackSignature;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * A server on Vert.x that answers 200 to whatever comes, and does nothing else: {@code PORT [SECRET]}. With a secret of Slack it
 * checks signatures, with Slack's SDK. For each path {@code /NAME/EVENTS} it prints {@link Marks}, {@code NAME NUMBER}.
 */
public final class BareServer {

    private final Map<String, Tally> paths = new ConcurrentHashMap<>();
    private final SlackSignature.Verifier verifier;
    private final Payload payload;

    private BareServer(String secret) {
        verifier = secret == null ? null : new SlackSignature.Verifier(new SlackSignature.Generator(secret));
        payload = secret == null ? Payload.line(0) : SlackContest.event(0);
    }

    public static void main(String[] args) {
        BareServer server = new BareServer(args.length > 1 ? args[1] : null);
        Vertx.vertx().createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> server.handle(request, body)))
                .listen(Integer.parseInt(args[0]), "127.0.0.1").onSuccess(listening -> Marks.mark("ready"));
    }

    private void handle(HttpServerRequest request, Buffer body) {
        if (verifier != null && !verifier.isValid(request.getHeader("X-Slack-Request-Timestamp"), body.toString(),
                request.getHeader("X-Slack-Signature"))) {
            request.response().setStatusCode(401).end();
            return;
        }
        request.response().end();
        String[] path = request.path().split("/");
        Tally tally = paths.computeIfAbsent(path[1], name -> new Tally());
        int before = tally.distinct();
        tally.add(payload.number(body.getBytes()));
        if (tally.distinct() > before) {
            Marks.done(tally.distinct(), Integer.parseInt(path[2]), mark -> Marks.mark(path[1] + " " + mark));
        }
    }
}
