package dev.emc.registry.redis;

import java.time.Duration;
import java.util.function.Supplier;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.Vertx;

import dev.emc.core.config.WorkerConfig;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.engine.Registry;
import dev.emc.core.redis.HostName;
import dev.emc.core.redis.RedisClients;
import dev.emc.core.registry.RegistryProvider;

/** The registry of the type {@code redis}. Vert.x starts when it connects for the first time. */
@Singleton
public class RedisRegistries implements RegistryProvider {

    private final WorkerConfig.RegistryStore config;
    /** One for the worker, one for the lease, and some that wait for a server which doesn't answer any more. */
    private static final int CONNECTIONS = 4;

    private final Supplier<Vertx> vertx;

    @Inject
    RedisRegistries(WorkerConfig config, Instance<Vertx> vertx) {
        this(config.registry(), vertx::get);
    }

    RedisRegistries(WorkerConfig.RegistryStore config, Supplier<Vertx> vertx) {
        this.config = config;
        this.vertx = vertx;
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
        return new RedisLink(() -> RedisClients.create(redis, CONNECTIONS, vertx.get()), RedisClients.place(redis), timeout,
                redis.replicas());
    }

    /** How other workers name this one: {@code host:pid}. */
    private static String self() {
        return HostName.get() + ':' + ProcessHandle.current().pid();
    }
}
