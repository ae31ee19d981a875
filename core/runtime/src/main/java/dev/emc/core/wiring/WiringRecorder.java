package dev.emc.core.wiring;

import java.util.function.Supplier;

import io.quarkus.runtime.annotations.Recorder;

import dev.emc.core.observe.WorkerMetrics;

/** Beans that know which connector the build has picked. */
@Recorder
public class WiringRecorder {

    public Supplier<ConnectorName> name(String connector) {
        return () -> new ConnectorName(connector);
    }

    public Supplier<WorkerMetrics> metrics(String connector) {
        return () -> new WorkerMetrics(connector);
    }
}
