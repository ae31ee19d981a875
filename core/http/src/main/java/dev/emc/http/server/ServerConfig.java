package dev.emc.http.server;

import java.time.Duration;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;

import dev.emc.api.UpstreamKey;

/** Keys of a connector that is called over HTTP, beside its port. */
@ConfigGroup
public interface ServerConfig {

    /** Address to listen on: `0.0.0.0` for all of this machine, `127.0.0.1` for callers on this machine only. */
    @WithDefault("0.0.0.0")
    String host();

    /** Longest body of a request; a longer one is refused with 413. */
    @WithDefault("1M")
    MemorySize maxBody();

    /** Longest headers of a request, and longest URL; longer ones are refused with 431 and 414. */
    @WithDefault("16K")
    MemorySize maxHeaders();

    /** Connections open at a time. For more, those go first that have been idle for longest. */
    @WithDefault("1000")
    int maxConnections();

    /** All bodies that are held at a time; what is more is refused with 503. */
    @WithDefault("64M")
    MemorySize maxBuffered();

    /** How long a request may take to come, from its first byte to its last; then it is refused with 408. */
    @WithDefault("30s")
    Duration requestTimeout();

    /** How long a connection may wait for its next request. */
    @WithDefault("60s")
    @UpstreamKey("connectorConfig.idleTimeout")
    Duration idleTimeout();

    /** How long a caller waits for its answer; then it gets 503 and may send again. */
    @WithDefault("30s")
    Duration answerTimeout();

    /** With TLS: whether callers have to show a certificate that `tls.ca` or `tls.truststore` vouches for. */
    @WithDefault("false")
    boolean clientCertificates();
}
