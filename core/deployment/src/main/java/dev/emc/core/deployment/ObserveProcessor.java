package dev.emc.core.deployment;

import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.annotations.BuildStep;

import dev.emc.core.observe.DirectHealthChecks;
import dev.emc.core.observe.HttpServer;
import dev.emc.core.observe.Pages;
import dev.emc.core.observe.WorkerLiveness;
import dev.emc.core.observe.WorkerReadiness;

/** Health, metrics and status. */
class ObserveProcessor {

    @BuildStep
    AdditionalBeanBuildItem beans() {
        return AdditionalBeanBuildItem.builder().setUnremovable().addBeanClasses(HttpServer.class, Pages.class,
                WorkerLiveness.class, WorkerReadiness.class, DirectHealthChecks.class).build();
    }
}
