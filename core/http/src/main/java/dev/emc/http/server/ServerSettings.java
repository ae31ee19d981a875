package dev.emc.http.server;

import java.time.Duration;

import javax.net.ssl.SSLContext;

import io.quarkus.runtime.configuration.MemorySize;

/**
 * How a server listens.
 *
 * @param port 0 for any free one
 * @param tls null for none
 * @param clientCertificates whether callers have to show a certificate that {@code tls} trusts
 * @param maxBody bytes of a request's body
 * @param maxHeaders bytes of a request line, and of all headers
 * @param maxConnections open at a time; more are turned away
 * @param maxBuffered bytes of all bodies that are being received or wait for their answers; more are turned away
 * @param requestTimeout for a request to come, from its first byte to its last
 * @param idleTimeout for the first byte of a connection's next request
 * @param answerTimeout for the answer, from when the request has come; then the caller is told to come again
 */
public record ServerSettings(String host, int port, SSLContext tls, boolean clientCertificates, int maxBody, int maxHeaders,
        int maxConnections, long maxBuffered, Duration requestTimeout, Duration idleTimeout, Duration answerTimeout) {

    /** As the keys say. @param tls null for none */
    public static ServerSettings of(ServerConfig config, int port, SSLContext tls) {
        return new ServerSettings(config.host(), port, tls, config.clientCertificates(), size(config.maxBody()),
                size(config.maxHeaders()), config.maxConnections(), config.maxBuffered().asLongValue(),
                config.requestTimeout(), config.idleTimeout(), config.answerTimeout());
    }

    private static int size(MemorySize size) {
        return (int) Math.min(size.asLongValue(), Integer.MAX_VALUE - 8);
    }

    /** Sensible limits. */
    public static ServerSettings of(String host, int port) {
        return new ServerSettings(host, port, null, false, 1 << 20, 16 * 1024, 1000, 64 << 20, Duration.ofSeconds(30),
                Duration.ofSeconds(60), Duration.ofSeconds(30));
    }

    /** The same with other times. */
    public ServerSettings withTimeouts(Duration request, Duration idle, Duration answer) {
        return new ServerSettings(host, port, tls, clientCertificates, maxBody, maxHeaders, maxConnections, maxBuffered,
                request, idle, answer);
    }

    /** The same with other limits. */
    public ServerSettings withLimits(int body, int connections, long buffered) {
        return new ServerSettings(host, port, tls, clientCertificates, body, maxHeaders, connections, buffered,
                requestTimeout, idleTimeout, answerTimeout);
    }

    /** The same with another time for answers. */
    public ServerSettings withAnswerTimeout(Duration limit) {
        return new ServerSettings(host, port, tls, clientCertificates, maxBody, maxHeaders, maxConnections, maxBuffered,
                requestTimeout, idleTimeout, limit);
    }
}
