package dev.emc.core.wiring;

import java.util.function.Supplier;

import dev.emc.core.observe.WorkerMetrics;
import io.quarkus.runtime.annotations.Recorder;

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
