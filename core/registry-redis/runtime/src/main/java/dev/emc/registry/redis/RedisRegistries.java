package dev.emc.registry.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

import io.quarkus.redis.runtime.client.VertxRedisClientFactory;
import io.quarkus.redis.runtime.client.config.RedisConfig;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;

import dev.emc.core.config.RedisSettings;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.engine.Registry;
import dev.emc.core.redis.RedisClients;
import dev.emc.core.registry.RegistryProvider;

/** The registry of the type {@code redis}. Vert.x starts when it connects for the first time. */
@Singleton
public class RedisRegistries implements RegistryProvider {

    private final WorkerConfig.RegistryStore config;
    private final Supplier<Redis> client;

    @Inject
    RedisRegistries(WorkerConfig config, Instance<Vertx> vertx, Instance<TlsConfigurationRegistry> tls) {
        // not an injected client: Quarkus makes those when the application starts, whatever the type of the registry is
        this(config.registry(), () -> client(ConfigProvider.getConfig(), vertx.get(), tls.get()));
    }

    RedisRegistries(WorkerConfig.RegistryStore config, Supplier<Redis> client) {
        this.config = config;
        this.client = client;
    }

    static Redis client(Config config, Vertx vertx, TlsConfigurationRegistry tls) {
        RedisConfig redis = config.unwrap(SmallRyeConfig.class).getConfigMapping(RedisConfig.class);
        return VertxRedisClientFactory.create(RedisSettings.REGISTRY, vertx,
                redis.namedRedisClients().get(RedisSettings.REGISTRY),
                tls);
    }

    @Override
    public String type() {
        return "redis";
    }

    @Override
    public Registry registry() {
        return new RedisRegistry(link(config.lease().dividedBy(3)), config.redis().prefix(), config.lease(), self());
    }

    @Override
    public OffsetStore offsets() {
        return new RedisOffsets(link(config.redis().timeout()), config.redis().prefix());
    }

    private RedisLink link(Duration longest) {
        WorkerConfig.Redis redis = config.redis();
        Duration timeout = redis.timeout().compareTo(longest) < 0 ? redis.timeout() : longest;
        return new RedisLink(client, RedisClients.place(redis), timeout, redis.replicas());
    }

    /** How other workers name this one: {@code host:pid}. */
    private static String self() {
        return host().orElse("localhost") + ':' + ProcessHandle.current().pid();
    }

    private static Optional<String> host() {
        try {
            // without asking the network for it
            return Optional.of(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        } catch (IOException elsewhere) {
            try {
                return Optional.of(InetAddress.getLocalHost().getHostName());
            } catch (UnknownHostException nameless) {
                return Optional.empty();
            }
        }
    }
}
