package dev.emc.redis.deployment;

import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.FeatureBuildItem;

import dev.emc.core.deployment.ConnectorBuildItem;
import dev.emc.redis.RedisSink;
import dev.emc.redis.RedisSinkConfig;
import dev.emc.redis.RedisSource;
import dev.emc.redis.RedisSourceConfig;

/** Offers the Redis source and the Redis sink. */
class RedisProcessor {

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem("emc-redis");
    }

    @BuildStep
    void connectors(BuildProducer<ConnectorBuildItem> connectors) {
        connectors.produce(new ConnectorBuildItem("redis", ConnectorBuildItem.Role.SINK, RedisSink.class, RedisSinkConfig.class,
                "Writes events to streams, lists, channels, strings, hashes or sets of Redis."));
        connectors.produce(new ConnectorBuildItem("redis", ConnectorBuildItem.Role.SOURCE, RedisSource.class,
                RedisSourceConfig.class, "Sends what comes to streams, lists or channels of Redis to EventMesh."));
    }
}
