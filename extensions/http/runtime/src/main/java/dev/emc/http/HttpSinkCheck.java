package dev.emc.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;
import dev.emc.http.HttpSinkConfig.Strategy;
import dev.emc.http.client.HttpSender;
import dev.emc.http.client.Request;
import dev.emc.http.client.Response;

/** Whether the servers of the sink can be reached. */
final class HttpSinkCheck {

    private HttpSinkCheck() {}

    /** What {@code doctor} looks at: each server is asked what it can do (OPTIONS), with the credentials. */
    static List<Check> check(HttpSinkConfig config) throws InterruptedException {
        List<Check> checks = new ArrayList<>();
        List<URI> known = HttpSinkRules.known(config);
        try (HttpSender sender = HttpSink.sender(config)) {
            for (URI url : known) {
                checks.add(check(sender, url, config));
            }
        } catch (FatalException e) {
            checks.add(Check.failed("TLS", e.getMessage(), "look at connector.tls"));
        }
        if (known.size() < config.urls().size()) {
            checks.add(Check.passed("URLs with a host of the events", "can't be looked at without an event"));
        }
        return checks;
    }

    private static Check check(HttpSender sender, URI url, HttpSinkConfig config) throws InterruptedException {
        String subject = url.getScheme() + "://" + url.getAuthority();
        try {
            Request.Builder request = Request.of("OPTIONS", url);
            HttpSinkRules.constantHeaders(config).forEach(request::header);
            Response response = sender.exchange(request.build());
            if (response.status() == 401 || response.status() == 403 || response.status() == 407) {
                return Check.failed(subject, "can be reached and refuses the credentials (" + response.status() + ")",
                        "look at connector.auth");
            }
            return Check.passed(subject, "can be reached (" + response.status() + " to OPTIONS)");
        } catch (ConnectorException e) {
            return Check.failed(subject, e.getMessage(), "look at connector.urls, and whether the server runs");
        }
    }

    /**
     * Whether there is a server to begin with: one at the least, for broadcasts each.
     *
     * @throws RetryableException when there is none
     */
    static void reach(HttpSinkConfig config) throws RetryableException {
        RetryableException failure = null;
        boolean any = false;
        for (URI url : HttpSinkRules.known(config)) {
            try {
                reach(config.http().proxy().map(URI::create).orElse(url), config);
                any = true;
            } catch (IOException e) {
                failure = new RetryableException(url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                        + " can't be reached; look at connector.urls, and whether the server runs", e);
            }
        }
        if (failure != null && (!any || config.delivery() == Strategy.BROADCAST)) {
            throw failure;
        }
    }

    private static void reach(URI url, HttpSinkConfig config) throws IOException {
        int port = url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
        InetSocketAddress address = new InetSocketAddress(url.getHost(), port);
        if (address.isUnresolved()) {
            throw new IOException("unknown host");
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) config.http().connectTimeout().toMillis());
        }
    }
}
