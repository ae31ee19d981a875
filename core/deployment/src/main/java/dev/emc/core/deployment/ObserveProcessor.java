package dev.emc.core.deployment;

import java.util.List;

import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.nativeimage.RuntimeInitializedClassBuildItem;
import io.quarkus.deployment.builditem.nativeimage.RuntimeInitializedPackageBuildItem;

import dev.emc.core.observe.DirectHealthChecks;
import dev.emc.core.observe.HttpServer;
import dev.emc.core.observe.Pages;
import dev.emc.core.observe.WorkerLiveness;
import dev.emc.core.observe.WorkerReadiness;

/** Health, metrics, status and traces. */
class ObserveProcessor {

    @BuildStep
    AdditionalBeanBuildItem beans() {
        return AdditionalBeanBuildItem.builder().setUnremovable().addBeanClasses(HttpServer.class, Pages.class,
                WorkerLiveness.class, WorkerReadiness.class, DirectHealthChecks.class).build();
    }

    /** These remember where fields are in memory, which isn't the same in the machine that builds the image. */
    @BuildStep
    void fieldOffsets(BuildProducer<RuntimeInitializedPackageBuildItem> packages,
            BuildProducer<RuntimeInitializedClassBuildItem> classes) {
        packages.produce(new RuntimeInitializedPackageBuildItem("io.opentelemetry.internal.shaded.jctools"));
        for (String name : List.of("UnsafeAccess", "UnsafeAccess$UnsafeHolder", "UnsafeString")) {
            classes.produce(new RuntimeInitializedClassBuildItem("io.opentelemetry.exporter.internal.marshal." + name));
        }
    }
}
