package dev.emc.http;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;
import dev.emc.http.client.Auths;
import dev.emc.http.client.ClientSettings;
import dev.emc.http.client.HttpSender;
import dev.emc.http.client.Request;
import dev.emc.http.client.Response;
import dev.emc.kit.Tls;

/** Asks URLs for what is new, each at its time. */
final class PollSource implements AutoCloseable {

    private final HttpSourceConfig config;
    private final HttpSender sender;
    private final List<PolledUrl> urls = new ArrayList<>();

    PollSource(HttpSourceConfig config) throws FatalException {
        this.config = config;
        this.sender = new HttpSender(
                ClientSettings.of(config.poll().client(), config.tls().enabled() ? Tls.client(config.tls()) : null),
                Auths.of(config.poll().auth(), "Idempotency-Key"));
    }

    /** @throws ConnectorException when the first URL can't be asked */
    void start(SourceContext context) throws ConnectorException, InterruptedException {
        for (String url : config.poll().urls().orElseThrow()) {
            urls.add(new PolledUrl(config.poll(), url, this::send, context));
        }
        for (PolledUrl url : urls) {
            url.fetch();
        }
    }

    private Response send(Request request) throws ConnectorException, InterruptedException {
        Request.Builder complete = request.toBuilder();
        config.poll().headers().forEach(complete::header);
        Response response = sender.exchange(complete.build());
        if (response.status() == 304) {
            return response;
        }
        ConnectorException error = error(request, response);
        if (error != null) {
            throw error;
        }
        return response;
    }

    /** What is wrong with an answer: what a record could be refused for is here the configuration's fault. */
    private ConnectorException error(Request request, Response response) {
        if (response.truncated()) {
            return new FatalException(request.label() + " answers with more than poll.client.max-response "
                    + config.poll().client().maxResponse().asLongValue() + " bytes; raise it, or ask for smaller pages");
        }
        ConnectorException error = sender.error(request, response, HttpSender.Refusal.FATAL);
        return error instanceof PermanentException refused ? new FatalException(refused.getMessage()) : error;
    }

    /** Asks a URL, for {@code doctor}. */
    Response ask(String url) throws ConnectorException, InterruptedException {
        Request.Builder request = Request.of("GET", URI.create(url));
        config.poll().headers().forEach(request::header);
        return sender.exchange(request.build());
    }

    ConnectorException error(String url, Response response) {
        return error(Request.of("GET", URI.create(url)).build(), response);
    }

    /** A URL as it may be shown. */
    static String shown(String url) {
        return Request.withoutSecrets(URI.create(url));
    }

    /** The next records of any URL. */
    List<SourceRecord> poll(int max, Duration wait) throws ConnectorException, InterruptedException {
        List<SourceRecord> records = new ArrayList<>();
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            urls.forEach(url -> url.take(records, max));
            if (records.isEmpty()) {
                fetch();
                urls.forEach(url -> url.take(records, max));
            }
            long left = end - System.nanoTime();
            if (!records.isEmpty() || left <= 0) {
                return records;
            }
            long due = urls.stream().mapToLong(PolledUrl::dueIn).min().orElse(left);
            TimeUnit.NANOSECONDS.sleep(Math.max(TimeUnit.MILLISECONDS.toNanos(1), Math.min(left, due)));
        }
    }

    /** Asks all that are due. One that fails doesn't keep the others from being asked. */
    private void fetch() throws ConnectorException, InterruptedException {
        ConnectorException failure = null;
        boolean worked = false;
        for (PolledUrl url : urls) {
            if (url.dueIn() <= 0) {
                try {
                    url.fetch();
                    worked |= url.waiting() > 0;
                } catch (ConnectorException e) {
                    failure = e;
                }
            }
        }
        if (failure != null && !worked) {
            throw failure;
        }
    }

    /** Items that were found and not read yet. */
    long lag() {
        return urls.stream().mapToLong(PolledUrl::waiting).sum();
    }

    @Override
    public void close() {
        sender.close();
    }
}
