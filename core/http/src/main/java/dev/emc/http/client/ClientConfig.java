package dev.emc.http.client;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.api.UpstreamKey;

/** Keys of a connector that sends HTTP requests. */
@ConfigGroup
public interface ClientConfig {

    /** How long to wait for a connection, with TLS. */
    @WithDefault("10s")
    @UpstreamKey("connectorConfig.connectionTimeout")
    Duration connectTimeout();

    /** How long to wait for an answer, from the start of the request to the last byte of the answer. */
    @WithDefault("30s")
    Duration timeout();

    /** `auto` speaks HTTP/2 where the server offers it over TLS, `http-1` only HTTP/1.1. */
    @WithDefault("auto")
    Version version();

    /** Longest answer to read; of a longer one the rest is left. */
    @WithDefault("1M")
    MemorySize maxResponse();

    /**
     * Follow redirects within the same scheme, host and port. A redirect to elsewhere is never followed, because it would show
     * the data and credentials to somebody else.
     */
    @WithDefault("false")
    boolean followRedirects();

    /** The proxy between here and the server, `http://proxy.example.com:3128`; none when not set. */
    Optional<String> proxy();

    /** User at the proxy. */
    Optional<String> proxyUser();

    /** Password at the proxy. */
    @Secret
    Optional<String> proxyPassword();

    /** Which version of HTTP to speak. */
    enum Version {
        AUTO, HTTP_1
    }
}
