package dev.emc.http.client;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JDK's HTTP client with an end: nothing of it is left after {@link #close}. */
final class Transport implements AutoCloseable {

    /** Of the pool that runs callbacks and TLS handshakes; requests themselves need no thread. */
    private static final int THREADS = 2;
    private static final Pattern CLIENT_ID = Pattern.compile("\\((\\d+)\\)$");

    private final ClientSettings settings;
    private final ExecutorService threads;
    private final HttpClient client;
    private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();

    Transport(ClientSettings settings) {
        this.settings = settings;
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "http-client");
            thread.setDaemon(true);
            return thread;
        });
        HttpClient.Builder builder = HttpClient.newBuilder().executor(threads).connectTimeout(settings.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(settings.onlyHttp1() ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2);
        if (settings.tls() != null) {
            builder.sslContext(settings.tls());
        }
        URI proxy = settings.proxy();
        builder.proxy(proxy == null
                ? HttpClient.Builder.NO_PROXY
                : ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort() < 0 ? 3128 : proxy.getPort())));
        if (settings.proxyUser() != null) {
            // else the JDK sends no password to a proxy of https
            if (System.getProperty("jdk.http.auth.tunneling.disabledSchemes") == null) {
                System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
            }
            builder.authenticator(new ProxyPassword());
        }
        this.client = builder.build();
    }

    private final class ProxyPassword extends Authenticator {

        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                    ? new PasswordAuthentication(settings.proxyUser(),
                            settings.proxyPassword() == null ? new char[0] : settings.proxyPassword().toCharArray())
                    : null;
        }
    }

    /** Sends a request as it is. The outcome fails with an {@link IOException} or {@link TimeoutException}. */
    CompletableFuture<Response> send(Request request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri()).timeout(settings.timeout());
        // an HTTP/2 upgrade without TLS costs a round trip, and some servers answer it with an error
        if ("http".equals(request.uri().getScheme())) {
            builder.version(HttpClient.Version.HTTP_1_1);
        }
        request.headers().forEach(builder::setHeader);
        boolean noBody = request.body().length == 0
                && (request.method().equals("GET") || request.method().equals("HEAD") || request.method().equals("DELETE")
                        || request.method().equals("OPTIONS"));
        builder.method(request.method(), noBody
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(request.body()));
        CompletableFuture<HttpResponse<LimitedBody.Content>> exchange = client.sendAsync(builder.build(),
                answer -> new LimitedBody(settings.maxResponse()));
        open.add(exchange);
        CompletableFuture<Response> result = new CompletableFuture<>();
        exchange.whenComplete((answer, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                result.complete(new Response(answer.statusCode(), answer.headers(), answer.body().bytes(),
                        answer.body().truncated()));
            }
        });
        result.orTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS); // the request's own ends with the headers
        result.whenComplete((response, failure) -> {
            open.remove(exchange);
            if (failure != null) {
                exchange.cancel(true);
            }
        });
        return result;
    }

    @Override
    public void close() {
        for (CompletableFuture<?> exchange : open) {
            exchange.cancel(true);
        }
        endClient();
        threads.shutdownNow();
    }

    /** A client of JDK 21 and later can be closed. An older one lives until it is garbage, unless its thread is ended. */
    private void endClient() {
        if (client instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new CancellationException(e.getMessage());
            }
            return;
        }
        Matcher id = CLIENT_ID.matcher(client.toString());
        if (id.find()) {
            String name = "HttpClient-" + id.group(1) + "-SelectorManager";
            Thread[] all = new Thread[Thread.activeCount() + 64];
            int count = Thread.enumerate(all);
            for (int i = 0; i < count; i++) {
                if (name.equals(all[i].getName())) {
                    all[i].interrupt();
                }
            }
        }
    }
}
