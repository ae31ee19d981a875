package dev.emc.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.kit.TlsSettings;

/** Keys that lead to a Redis server, for the registry and for connectors. */
@ConfigGroup
public interface RedisAccess {

    /** Address of the server, `host:port`; with commas between them those of all sentinels, or of some of a cluster's nodes. */
    @WithDefault("127.0.0.1:6379")
    List<String> hosts();

    /**
     * What there is at these addresses: `standalone` one server, `sentinel` sentinels that know the server, `cluster` nodes of
     * a cluster, `replication` a server or one of its replicas.
     */
    @WithDefault("standalone")
    ClientType clientType();

    /** Name by which the sentinels know the server. */
    @WithDefault("mymaster")
    String masterName();

    /** Number of the database; a cluster has only 0. */
    @WithDefault("0")
    int database();

    /** User name, where the server has users. */
    Optional<String> username();

    /** Password for the server. */
    @Secret
    Optional<String> password();

    /** User name for the sentinels, where these have users. */
    Optional<String> sentinelUsername();

    /** Password for the sentinels, where these want one; they don't get the server's. */
    @Secret
    Optional<String> sentinelPassword();

    /** Encryption. */
    TlsSettings tls();

    /** How long to wait for a connection and for an answer. */
    @WithDefault("2s")
    Duration timeout();

    /** Kinds of installations. */
    enum ClientType {
        STANDALONE, SENTINEL, CLUSTER, REPLICATION
    }
}
