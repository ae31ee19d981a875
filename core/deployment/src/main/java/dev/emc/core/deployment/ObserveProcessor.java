package dev.emc.core.deployment;

import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.annotations.BuildStep;

import dev.emc.core.observe.HttpServer;

/** Health, metrics and status. */
class ObserveProcessor {

    @BuildStep
    AdditionalBeanBuildItem server() {
        return AdditionalBeanBuildItem.unremovableOf(HttpServer.class);
    }
}
