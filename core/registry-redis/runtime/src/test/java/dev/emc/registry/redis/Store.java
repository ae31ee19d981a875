package dev.emc.registry.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;

import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.engine.LeaseHeldException;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.engine.Registry;
import dev.emc.testkit.Await;

/** A configured {@code redis} registry, made as the application makes it, with the connections of one process. */
final class Store implements AutoCloseable {

    static final String LEASE = "2s";

    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final RedisRegistries registries;

    /** @param keys keys below {@code registry.} and their values, in turns */
    private Store(String... keys) {
        Map<String, String> values = new HashMap<>(Map.of("emc.mesh.topic", "t", "emc.registry.type", "redis",
                "emc.registry.lease", LEASE, "emc.registry.redis.timeout", "5s"));
        for (int i = 0; i < keys.length; i += 2) {
            values.put("emc.registry." + keys[i], keys[i + 1]);
        }
        registries = new RedisRegistries(config(values).getConfigMapping(WorkerConfig.class).registry(), () -> vertx);
    }

    static Store at(String hosts, String... keys) {
        String[] all = new String[keys.length + 2];
        all[0] = "redis.hosts";
        all[1] = hosts;
        System.arraycopy(keys, 0, all, 2, keys.length);
        return new Store(all);
    }

    private static SmallRyeConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(WorkerConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 500)).build();
    }

    static Position at(String file, long offset) {
        return new Position(Map.of("file", file), Map.of("byte", offset));
    }

    static Position forgotten(String file) {
        return new Position(Map.of("file", file), Map.of());
    }

    Registry registry() {
        Registry registry = registries.registry();
        open.add(registry);
        return registry;
    }

    /** An active one. On a busy machine the first connection may take its time. */
    Registry opened(String worker) throws Exception {
        Registry registry = registry();
        Await.until("the registry opens", () -> {
            try {
                registry.open(worker);
                return true;
            } catch (RetryableException slow) {
                return false;
            }
        });
        return registry;
    }

    /** One that has waited until the active one has lost its lease. */
    Registry takenOver(String worker) throws Exception {
        Registry standby = registry();
        Await.until("another one takes over", () -> {
            try {
                standby.open(worker);
                return true;
            } catch (LeaseHeldException held) {
                return false;
            }
        });
        return standby;
    }

    OffsetStore offsets() {
        OffsetStore offsets = registries.offsets();
        open.add(offsets);
        return offsets;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }
}
