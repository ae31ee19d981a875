package dev.emc.core.observe;

import jakarta.inject.Singleton;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

import dev.emc.core.engine.ConnectorWorker;

/** Alive unless the worker has ended. */
@Liveness
@Singleton
public class WorkerLiveness implements HealthCheck {

    private final ConnectorWorker worker;

    WorkerLiveness(ConnectorWorker worker) {
        this.worker = worker;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("worker").status(!worker.state().ended())
                .withData("state", worker.state().name().toLowerCase(java.util.Locale.ROOT)).build();
    }
}
