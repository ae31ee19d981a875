package dev.emc.core.observe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

import jakarta.inject.Singleton;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** {@code /q/metrics}: the worker's metrics as Prometheus text. */
@Singleton
public class MetricsHandler implements Handler<RoutingContext> {

    private final WorkerMetrics metrics;

    MetricsHandler(WorkerMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void handle(RoutingContext request) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            metrics.write(text);
        } catch (IOException e) {
            request.fail(e);
            return;
        }
        request.response().putHeader("content-type", WorkerMetrics.CONTENT_TYPE).end(Buffer.buffer(text.toByteArray()));
    }
}
