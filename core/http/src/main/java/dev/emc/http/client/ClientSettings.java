package dev.emc.http.client;

import java.net.URI;
import java.time.Duration;

import javax.net.ssl.SSLContext;

/**
 * How to send requests.
 *
 * @param timeout from the start of a request to the last byte of its answer
 * @param maxResponse bytes of an answer to read
 * @param onlyHttp1 never HTTP/2
 * @param followRedirects within the same scheme, host and port
 * @param proxy {@code http://host:port}; null for none
 * @param tls null for the JDK's own
 */
public record ClientSettings(Duration connectTimeout, Duration timeout, int maxResponse, boolean onlyHttp1,
        boolean followRedirects, URI proxy, String proxyUser, String proxyPassword, SSLContext tls) {

    /** As the keys say. @param tls null for the JDK's own */
    public static ClientSettings of(ClientConfig config, SSLContext tls) {
        return new ClientSettings(config.connectTimeout(), config.timeout(),
                (int) Math.min(config.maxResponse().asLongValue(), Integer.MAX_VALUE - 8),
                config.version() == ClientConfig.Version.HTTP_1, config.followRedirects(),
                config.proxy().map(URI::create).orElse(null), config.proxyUser().orElse(null),
                config.proxyPassword().orElse(null), tls);
    }

    /** What the keys' defaults say. */
    public static ClientSettings defaults() {
        return new ClientSettings(Duration.ofSeconds(10), Duration.ofSeconds(30), 1 << 20, false, false, null, null, null,
                null);
    }

    /** The same with another timeout. */
    public ClientSettings withTimeout(Duration limit) {
        return new ClientSettings(connectTimeout, limit, maxResponse, onlyHttp1, followRedirects, proxy, proxyUser,
                proxyPassword, tls);
    }
}
