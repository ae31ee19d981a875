package dev.emc.core.observe;

import java.util.Locale;

import jakarta.inject.Singleton;

import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.WorkerStatus;

/** {@code /status}: how the worker is, as JSON. */
@Singleton
public class StatusHandler implements Handler<RoutingContext> {

    private final ConnectorWorker worker;

    StatusHandler(ConnectorWorker worker) {
        this.worker = worker;
    }

    @Override
    public void handle(RoutingContext request) {
        request.response().putHeader("content-type", "application/json").end(json(worker.status()).toBuffer());
    }

    private static JsonObject json(WorkerStatus status) {
        return new JsonObject().put("name", status.name()).put("connector", status.connector())
                .put("state", status.state().name().toLowerCase(Locale.ROOT)).put("ready", status.ready())
                .put("reason", status.reason()).put("since", status.since().toString()).put("received", status.received())
                .put("delivered", status.delivered()).put("dead", status.dead()).put("dropped", status.dropped())
                .put("retries", status.retries()).put("inFlight", status.inFlight())
                .put("lag", status.lag() < 0 ? null : status.lag())
                .put("receivedPerSecond", rounded(status.receivedPerSecond()))
                .put("deliveredPerSecond", rounded(status.deliveredPerSecond()));
    }

    private static double rounded(double perSecond) {
        return Math.round(perSecond * 10) / 10.0;
    }
}
