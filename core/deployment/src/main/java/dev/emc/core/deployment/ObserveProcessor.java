package dev.emc.core.deployment;

import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.vertx.http.deployment.NonApplicationRootPathBuildItem;
import io.quarkus.vertx.http.deployment.RouteBuildItem;

import dev.emc.core.observe.MetricsHandler;
import dev.emc.core.observe.ObserveRecorder;
import dev.emc.core.observe.StatusHandler;
import dev.emc.core.observe.WorkerLiveness;
import dev.emc.core.observe.WorkerReadiness;

/** Health, metrics and status. */
class ObserveProcessor {

    @BuildStep
    AdditionalBeanBuildItem beans() {
        return AdditionalBeanBuildItem.builder().setUnremovable()
                .addBeanClasses(WorkerLiveness.class, WorkerReadiness.class, MetricsHandler.class, StatusHandler.class).build();
    }

    @BuildStep
    @Record(ExecutionTime.STATIC_INIT)
    void routes(ObserveRecorder recorder, NonApplicationRootPathBuildItem root, BuildProducer<RouteBuildItem> routes) {
        routes.produce(root.routeBuilder().route("metrics").handler(recorder.metrics()).build());
        routes.produce(RouteBuildItem.builder().route("/status").handler(recorder.status()).build());
    }
}
