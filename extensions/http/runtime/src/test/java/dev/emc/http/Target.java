package dev.emc.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import dev.emc.testkit.StandInThreads;

/** A server of the JDK that keeps what it is sent, and answers what it is told to. */
final class Target implements AutoCloseable {

    /** A request that came. */
    record Seen(String method, String path, String query, Map<String, String> headers, byte[] body) {

        String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** What is answered. */
    record Reply(int status, String body, Map<String, String> headers) {

        static Reply of(int status) {
            return new Reply(status, "", Map.of());
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = StandInThreads.pool();
    private final Map<String, List<Seen>> taken = new HashMap<>();
    private final List<Seen> all = new CopyOnWriteArrayList<>();
    private volatile Function<Seen, Reply> answer = seen -> Reply.of(seen.method.equals("OPTIONS") ? 204 : 202);

    Target() throws IOException {
        this(0, null, false);
    }

    /** @param port 0 for any @param tls null for none */
    Target(int port, SSLContext tls, boolean clientCertificates) throws IOException {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
        if (tls == null) {
            server = HttpServer.create(address, 1000);
        } else {
            HttpsServer secure = HttpsServer.create(address, 1000);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters wanted = tls.getDefaultSSLParameters();
                    wanted.setNeedClientAuth(clientCertificates);
                    parameters.setSSLParameters(wanted);
                }
            });
            server = secure;
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT),
                    String.join(", ", values)));
            Seen seen = new Seen(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(),
                    exchange.getRequestURI().getRawQuery(), headers, exchange.getRequestBody().readAllBytes());
            Reply reply = answer.apply(seen);
            if (!seen.method.equals("OPTIONS")) {
                all.add(seen);
            }
            if (reply.status < 300 && !seen.method.equals("OPTIONS")) {
                synchronized (taken) {
                    taken.computeIfAbsent(seen.path, path -> new ArrayList<>()).add(seen);
                }
            }
            reply.headers.forEach(exchange.getResponseHeaders()::set);
            byte[] body = reply.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** What to answer from now on. */
    void answer(Function<Seen, Reply> how) {
        answer = how;
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** What was taken (2xx) at a path, in order. */
    List<Seen> taken(String path) {
        synchronized (taken) {
            return List.copyOf(taken.getOrDefault(path, List.of()));
        }
    }

    /** All that came, whatever was answered. */
    List<Seen> all() {
        return List.copyOf(all);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
