package dev.emc.registry.redis.deployment;

import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.FeatureBuildItem;

import dev.emc.registry.redis.RedisRegistries;

/** Offers the registry of the type {@code redis}. */
class RedisRegistryProcessor {

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem("emc-registry-redis");
    }

    @BuildStep
    AdditionalBeanBuildItem beans() {
        return AdditionalBeanBuildItem.unremovableOf(RedisRegistries.class);
    }
}
