package dev.emc.core.wiring;

import dev.emc.api.FatalException;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.engine.Registry;
import dev.emc.core.engine.WorkerSettings;
import dev.emc.core.mesh.MeshSettings;
import dev.emc.core.registry.FileRegistry;
import dev.emc.core.registry.MemoryRegistry;

/** Translates the configuration into what engine, mesh and registry take. */
final class WorkerFactory {

    private WorkerFactory() {}

    static String name(WorkerConfig config, ConnectorName connector) {
        return config.name().orElse(connector.value());
    }

    static WorkerSettings settings(WorkerConfig config, ConnectorName connector) {
        return new WorkerSettings(connector.value(), config.mesh().topic(), config.batch().maxRecords(),
                config.batch().maxBytes().asLongValue(), config.batch().linger(), config.inFlight().maxRecords(),
                config.inFlight().maxBytes().asLongValue(), config.retry().initialDelay(), config.retry().maxDelay(),
                config.registry().interval(), config.mesh().connectTimeout(), config.shutdown().timeout(),
                config.ordering() == WorkerConfig.Ordering.STRICT, attempts(config.retry().attempts()),
                switch (config.onError()) {
                    case STOP -> WorkerSettings.OnError.STOP;
                    case DEAD_LETTER -> WorkerSettings.OnError.DEAD_LETTER;
                    case DROP -> WorkerSettings.OnError.DROP;
                }, config.breaker().failures(), Math.max(config.breaker().failures(), config.breaker().window()),
                config.rate().recordsPerSecond().orElse(Double.POSITIVE_INFINITY), false, config.untilIdle());
    }

    private static int attempts(String text) {
        return text.equals("forever") ? WorkerSettings.FOREVER : Integer.parseInt(text);
    }

    static MeshSettings mesh(WorkerConfig config, String worker) {
        try {
            return MeshSettings.of(config.mesh(), worker, config.inFlight().maxRecords());
        } catch (FatalException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    static Registry registry(WorkerConfig.RegistryStore store) {
        return switch (store.type()) {
            case FILE -> new FileRegistry(store.path());
            case MEMORY -> new MemoryRegistry();
        };
    }
}
