package dev.emc.core.observe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import jakarta.inject.Singleton;

import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;

import dev.emc.core.config.Json;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.WorkerStatus;

/** What there is to see over HTTP: {@code /q/health}, {@code /live} and {@code /ready} below it, metrics, status and scaler. */
@Singleton
public class Pages {

    /** The paths that have a page. */
    static final String ALL = "/q/health /q/health/live /q/health/ready /q/metrics /status /scaler";

    private static final String JSON = "application/json";

    private final ConnectorWorker worker;
    private final WorkerMetrics metrics;
    private final SmallRyeHealthReporter health;

    Pages(ConnectorWorker worker, WorkerMetrics metrics, SmallRyeHealthReporter health) {
        this.worker = worker;
        this.metrics = metrics;
        this.health = health;
    }

    /** @param type the media type */
    record Page(boolean ok, String type, byte[] body) {}

    /** @param path without the query; empty when it has no page */
    Optional<Page> page(String path) throws IOException {
        return Optional.ofNullable(switch (path) {
            case "/q/health" -> report(health.getHealth());
            case "/q/health/live" -> report(health.getLiveness());
            case "/q/health/ready" -> report(health.getReadiness());
            case "/q/metrics" -> {
                var text = new ByteArrayOutputStream();
                metrics.write(text);
                yield new Page(true, WorkerMetrics.CONTENT_TYPE, text.toByteArray());
            }
            case "/status" -> json(status(worker.status()));
            case "/scaler" -> json(load(worker.status()));
            default -> null;
        });
    }

    private Page report(SmallRyeHealth result) {
        var text = new ByteArrayOutputStream();
        health.reportHealth(text, result);
        return new Page(!result.isDown(), JSON, text.toByteArray());
    }

    private static Page json(Map<String, Object> object) {
        return new Page(true, JSON, Json.text(object).getBytes(StandardCharsets.UTF_8));
    }

    /** What KEDA's metrics-api scales on: {@code value} is the lag, or what is in flight when nobody knows the lag. */
    private static Map<String, Object> load(WorkerStatus status) {
        return Json.object("value", status.lag() < 0 ? status.inFlight() : status.lag(), "inFlight", status.inFlight(), "lag",
                status.lag() < 0 ? null : status.lag(), "deliveredPerSecond", rounded(status.deliveredPerSecond()));
    }

    private static Map<String, Object> status(WorkerStatus status) {
        return Json.object("name", status.name(), "connector", status.connector(),
                "state", status.state().name().toLowerCase(Locale.ROOT), "ready", status.ready(),
                "reason", status.reason(), "since", status.since(), "received", status.received(),
                "delivered", status.delivered(), "dead", status.dead(), "dropped", status.dropped(),
                "released", status.released(),
                "retries", status.retries(), "inFlight", status.inFlight(), "lag", status.lag() < 0 ? null : status.lag(),
                "receivedPerSecond", rounded(status.receivedPerSecond()),
                "deliveredPerSecond", rounded(status.deliveredPerSecond()));
    }

    private static double rounded(double perSecond) {
        return Math.round(perSecond * 10) / 10.0;
    }
}
