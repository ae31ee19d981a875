package dev.emc.core.redis.deployment;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.quarkus.arc.deployment.ExcludedTypeBuildItem;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.CombinedIndexBuildItem;
import io.quarkus.redis.client.RedisClientName;
import io.quarkus.redis.deployment.client.RequestedRedisClientBuildItem;

import dev.emc.core.deployment.VertxOnDemandBuildItem;

/** What the registry and the connectors of Redis need of Quarkus' Redis client. */
class RedisClientProcessor {

    /**
     * The registry and the connectors make their clients themselves when they are opened. Unless somebody else wants a client
     * of Quarkus' making, there is nothing to do for Quarkus at the start.
     */
    @BuildStep
    void startNothing(CombinedIndexBuildItem index, List<RequestedRedisClientBuildItem> requested,
            BuildProducer<VertxOnDemandBuildItem> onDemand) {
        if (requested.isEmpty() && index.getIndex().getAnnotations(RedisClientName.class).isEmpty()) {
            onDemand.produce(new VertxOnDemandBuildItem("quarkus-redis-client",
                    Map.of("io.quarkus.redis.runtime.client.RedisClientRecorder", Set.of("initialize"))));
        }
    }

    /** It would look at Quarkus' own clients only; the worker's readiness tells of the servers that it needs. */
    @BuildStep
    ExcludedTypeBuildItem noHealthCheck() {
        return new ExcludedTypeBuildItem("io.quarkus.redis.runtime.client.health.RedisHealthCheck");
    }
}
