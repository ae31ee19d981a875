package dev.emc.core.observe;

import io.quarkus.arc.Arc;
import io.quarkus.runtime.annotations.Recorder;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Gives the routes their handlers, which are looked up at the first request: none is needed to start. */
@Recorder
public class ObserveRecorder {

    /** {@code /q/metrics}. */
    public Handler<RoutingContext> metrics() {
        return request -> Arc.container().instance(MetricsHandler.class).get().handle(request);
    }

    /** {@code /status}. */
    public Handler<RoutingContext> status() {
        return request -> Arc.container().instance(StatusHandler.class).get().handle(request);
    }
}
