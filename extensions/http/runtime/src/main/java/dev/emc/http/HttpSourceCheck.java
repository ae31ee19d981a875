package dev.emc.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.http.client.Response;
import dev.emc.http.server.Answer;
import dev.emc.http.server.Exchange;
import dev.emc.http.server.RequestHead;
import dev.emc.http.server.ServerSettings;
import dev.emc.http.server.Service;
import dev.emc.http.server.WebServer;
import dev.emc.kit.Tls;

/** What {@code doctor} looks at. */
final class HttpSourceCheck {

    private HttpSourceCheck() {}

    /** Whether the port can be opened. */
    static List<Check> push(HttpSourceConfig config) {
        List<Check> checks = new ArrayList<>();
        String subject = "port " + config.port() + " of " + config.server().host();
        try (WebServer server = new WebServer(ServerSettings.of(config.server(), config.port(),
                config.tls().enabled() ? Tls.server(config.tls()) : null), new Nobody())) {
            server.start();
            checks.add(Check.passed(subject, "can be opened" + (config.tls().enabled() ? ", with TLS" : "")));
        } catch (IOException e) {
            checks.add(Check.failed(subject, "can't be opened: " + e.getMessage(),
                    "stop what uses it (perhaps this very connector), or change connector.port"));
        } catch (FatalException e) {
            checks.add(Check.failed("TLS", e.getMessage(), "look at connector.tls"));
        }
        return checks;
    }

    /** Whether each URL gives something. */
    static List<Check> poll(HttpSourceConfig config) throws InterruptedException {
        List<Check> checks = new ArrayList<>();
        try (PollSource source = new PollSource(config)) {
            for (String url : config.poll().urls().orElse(List.of())) {
                checks.add(url(source, url));
            }
        } catch (FatalException e) {
            checks.add(Check.failed("TLS", e.getMessage(), "look at connector.tls"));
        }
        return checks;
    }

    private static Check url(PollSource source, String url) throws InterruptedException {
        String subject = PollSource.shown(url);
        try {
            Response response = source.ask(url);
            ConnectorException error = source.error(url, response);
            if (error != null) {
                return Check.failed(subject, error.getMessage(), response.status() == 401 || response.status() == 403
                        ? "look at connector.poll.auth"
                        : "look at connector.poll.urls");
            }
            return Check.passed(subject, "answers " + response.status() + " with " + response.body().length + " bytes");
        } catch (ConnectorException e) {
            return Check.failed(subject, e.getMessage(), "look at connector.poll.urls, and whether the server runs");
        }
    }

    /** Answers those who come in the moment in which the port is looked at. */
    private static final class Nobody implements Service {

        @Override
        public Answer admit(RequestHead head) {
            return Answer.later(503, "nothing is taken yet; send it again", Duration.ofSeconds(1));
        }

        @Override
        public void handle(Exchange exchange) {
            exchange.answer(admit(exchange.head()));
        }

        @Override
        public Answer late(Exchange exchange) {
            return admit(exchange.head());
        }
    }
}
