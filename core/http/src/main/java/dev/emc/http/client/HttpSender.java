package dev.emc.http.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;

/**
 * Sends requests to HTTP servers for a connector: with its credentials, in time, with errors of a known class. Nothing is
 * tried again here but a request whose credentials were too old: the worker does that. One thread uses it.
 */
public final class HttpSender implements AutoCloseable {

    private static final Set<Integer> LATER = Set.of(408, 425, 429);
    private static final int MOST_REDIRECTS = 5;

    private final ClientSettings settings;
    private final Auth auth;
    private final Set<Integer> retryAlso;
    private final Transport transport;

    /** What credentials that are refused (401, 403) mean. */
    public enum Refusal {
        /** The worker stops. */
        FATAL,
        /** Somebody will mend it: tried again. */
        RETRY,
        /** It is the record that is refused. */
        PERMANENT
    }

    public HttpSender(ClientSettings settings, Auth auth) {
        this(settings, auth, Set.of());
    }

    /** @param retryAlso statuses that mean that it may work later, beside those that mean it everywhere */
    public HttpSender(ClientSettings settings, Auth auth, Set<Integer> retryAlso) {
        this.settings = settings;
        this.auth = auth;
        this.retryAlso = retryAlso;
        this.transport = new Transport(settings);
    }

    /** What must not be shown of the credentials. */
    public List<String> secrets() {
        return auth.secrets();
    }

    /**
     * Sends a request and waits for the answer, whatever its status.
     *
     * @throws RetryableException when none comes
     * @throws FatalException when there are no credentials to be had
     */
    public Response exchange(Request request) throws ConnectorException, InterruptedException {
        Sent sent = start(request);
        Response response = join(request, sent.answer());
        if (isWorthAnotherTry(sent, response)) {
            response = join(request, start(request).answer());
        }
        return response;
    }

    /**
     * As {@link #exchange}, to somebody who must not see the credentials.
     *
     * @throws RetryableException when no answer comes
     */
    public Response exchangeWithoutCredentials(Request request) throws ConnectorException, InterruptedException {
        return plain(request);
    }

    /**
     * Sends a request and waits until it is taken.
     *
     * @return an answer with a status 2xx
     * @throws ConnectorException of the class that the status means; see {@link #error}
     */
    public Response send(Request request, Refusal refusal) throws ConnectorException, InterruptedException {
        Response response = exchange(request);
        ConnectorException error = error(request, response, refusal);
        if (error != null) {
            throw error;
        }
        return response;
    }

    /** A request under way. @param authorized with its credentials */
    record Sent(Request authorized, CompletableFuture<Response> answer) {}

    /** Sends a request with its credentials. */
    Sent start(Request request) throws ConnectorException, InterruptedException {
        Request.Builder builder = request.toBuilder();
        auth.authorize(builder, request, this::plain);
        Request authorized = builder.build();
        CompletableFuture<Response> answer = transport.send(authorized);
        return new Sent(authorized, settings.followRedirects() ? follow(authorized, answer, MOST_REDIRECTS) : answer);
    }

    /** Whether a refused request is worth another try at once, with other credentials. */
    boolean isWorthAnotherTry(Sent sent, Response response) {
        return response.status() == 401 && auth.refused(sent.authorized());
    }

    private CompletableFuture<Response> follow(Request request, CompletableFuture<Response> answer, int left) {
        return answer.thenCompose(response -> {
            URI target = redirect(request, response);
            if (target == null || left == 0) {
                return CompletableFuture.completedFuture(response);
            }
            Request again = request.toBuilder().uri(target).build();
            return follow(again, transport.send(again), left - 1);
        });
    }

    /** Where an answer leads to, as far as that may be followed with the same request; null when it doesn't. */
    private static URI redirect(Request request, Response response) {
        boolean anyMethod = response.status() == 307 || response.status() == 308;
        boolean reading = request.method().equals("GET") || request.method().equals("HEAD");
        boolean forReading = response.status() >= 301 && response.status() <= 303;
        String location = response.header("Location");
        if (location == null || !anyMethod && !(forReading && reading)) {
            return null;
        }
        try {
            URI target = request.uri().resolve(location);
            return origin(target).equals(origin(request.uri())) ? target : null;
        } catch (IllegalArgumentException noUri) {
            return null;
        }
    }

    private static String origin(URI uri) {
        int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
        return uri.getScheme() + "://" + uri.getHost() + ":" + port;
    }

    private Response plain(Request request) throws ConnectorException, InterruptedException {
        return join(request, transport.send(request));
    }

    private Response join(Request request, CompletableFuture<Response> answer)
            throws ConnectorException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw unanswered(request, e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
    }

    /** Why no answer came. */
    RetryableException unanswered(Request request, Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String where = request.uri().getHost() + (request.uri().getPort() < 0 ? "" : ":" + request.uri().getPort());
        return new RetryableException(reason(cause, where), cause instanceof Exception e ? e : null);
    }

    private String reason(Throwable cause, String where) {
        if (has(cause, UnresolvedAddressException.class) || has(cause, UnknownHostException.class)) {
            return "no host is known by the name of " + where + "; look at the URL and at DNS";
        }
        if (cause instanceof HttpConnectTimeoutException) {
            return where + " can't be reached: no connection within " + settings.connectTimeout().toMillis() + " ms";
        }
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return where + " has not answered within " + settings.timeout().toMillis() + " ms";
        }
        if (has(cause, SSLException.class)) {
            return "no TLS connection to " + where + " (" + text(cause) + "); look at the certificates";
        }
        if (cause instanceof ConnectException) {
            return where + " can't be reached: connection refused";
        }
        return "the connection to " + where + " broke before an answer came (" + text(cause) + ")";
    }

    private static boolean has(Throwable cause, Class<?> kind) {
        for (Throwable one = cause; one != null; one = one.getCause()) {
            if (kind.isInstance(one)) {
                return true;
            }
        }
        return false;
    }

    /** A clause without class names. */
    private static String text(Throwable cause) {
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause instanceof IOException ? "closed by the other side" : "failed";
        }
        return message.replaceAll("[\\w.]*\\.[A-Z]\\w*(Exception|Error):? ?", "").replaceAll("\\s+", " ").strip();
    }

    /**
     * What a status means: 2xx nothing; 408, 425, 429 and 5xx that it may work later, after as long as the server asks for;
     * 401, 403 and 407 what {@code refusal} says; all else that this record is bad.
     *
     * @return null when the request was taken
     */
    public ConnectorException error(Request request, Response response, Refusal refusal) {
        int status = response.status();
        if (response.isSuccess()) {
            return null;
        }
        String says = request.label() + " is answered with " + status;
        String why = ErrorText.of(response, auth.secrets());
        if (LATER.contains(status) || status >= 500 || retryAlso.contains(status)) {
            return new RetryableException(says + why, null, RetryAfter.of(response).orElse(null));
        }
        if (status == 401 || status == 403 || status == 407) {
            return switch (refusal) {
                case FATAL -> new FatalException(says + why + "; look at the credentials");
                case RETRY -> new RetryableException(says + why + "; look at the credentials", null,
                        RetryAfter.of(response).orElse(null));
                case PERMANENT -> new PermanentException(says + why);
            };
        }
        if (status >= 300 && status < 400) {
            return new PermanentException(says + ", a redirect, which isn't followed; set the URL to where it leads");
        }
        return new PermanentException(says + why);
    }

    @Override
    public void close() {
        transport.close();
    }
}
