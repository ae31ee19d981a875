package dev.emc.core.observe;

import jakarta.inject.Singleton;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.WorkerStatus;

/** Ready when records can flow; says why when they can't. */
@Readiness
@Singleton
public class WorkerReadiness implements HealthCheck {

    private final ConnectorWorker worker;

    WorkerReadiness(ConnectorWorker worker) {
        this.worker = worker;
    }

    @Override
    public HealthCheckResponse call() {
        WorkerStatus status = worker.status();
        return HealthCheckResponse.named("worker").status(status.ready()).withData("reason", status.reason()).build();
    }
}
