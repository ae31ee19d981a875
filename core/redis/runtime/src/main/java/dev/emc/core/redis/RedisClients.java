package dev.emc.core.redis;

import java.util.Map;
import java.util.Optional;

import io.quarkus.redis.runtime.client.VertxRedisClientFactory;
import io.quarkus.redis.runtime.client.config.RedisConfig;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;

import dev.emc.core.config.RedisAccess;

/** Makes Redis clients outside CDI, when they are needed. */
public final class RedisClients {

    private RedisClients() {}

    /**
     * A client, which connects when it is used.
     *
     * @param name as in the settings
     * @param settings Quarkus' settings of the client, such as {@link dev.emc.core.config.RedisSettings} makes
     */
    public static Redis create(String name, Map<String, String> settings, Vertx vertx) {
        SmallRyeConfig config = new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(RedisConfig.class)
                .withSources(new PropertiesConfigSource(settings, "settings of a Redis client", 500)).build();
        return VertxRedisClientFactory.create(name, vertx,
                config.getConfigMapping(RedisConfig.class).namedRedisClients().get(name), new NoTls());
    }

    /** The server for the user: {@code the Redis server 127.0.0.1:6379}. */
    public static String place(RedisAccess redis) {
        String hosts = String.join(", ", redis.hosts());
        return switch (redis.clientType()) {
            case STANDALONE -> "the Redis server " + hosts;
            case SENTINEL -> "the Redis server '" + redis.masterName() + "' of the sentinels " + hosts;
            case CLUSTER -> "the Redis cluster " + hosts;
            case REPLICATION -> "the Redis servers " + hosts;
        };
    }

    /** No configuration of TLS outside the client's own. */
    private static final class NoTls implements TlsConfigurationRegistry {

        @Override
        public Optional<TlsConfiguration> get(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<TlsConfiguration> getDefault() {
            return Optional.empty();
        }

        @Override
        public void register(String name, TlsConfiguration configuration) {
            throw new UnsupportedOperationException();
        }
    }
}
