package dev.emc.redis;

import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;

import dev.emc.api.Secret;
import dev.emc.api.UpstreamKey;
import dev.emc.core.config.RedisAccess;

/** Keys that the Redis source and the Redis sink have in common. */
@ConfigGroup
public interface RedisConnectorConfig extends RedisAccess {

    /**
     * Address as a URL, `redis://[user[:password]@]host[:port][/database]`, with `rediss` for TLS; in place of `hosts`,
     * `username`, `password` and `database`.
     */
    @Secret
    @UpstreamKey("connectorConfig.server")
    Optional<String> url();
}
