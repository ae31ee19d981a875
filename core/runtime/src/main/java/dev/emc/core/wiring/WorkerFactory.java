package dev.emc.core.wiring;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import dev.emc.api.FatalException;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.config.WorkerConfig.RegistryStore;
import dev.emc.core.deadletters.FileDeadLetters;
import dev.emc.core.deadletters.TopicDeadLetters;
import dev.emc.core.engine.DeadLetters;
import dev.emc.core.engine.MeshPublisher;
import dev.emc.core.engine.MeshSubscriber;
import dev.emc.core.engine.Processing;
import dev.emc.core.engine.WorkerSettings;
import dev.emc.core.mesh.MeshSettings;
import dev.emc.core.mesh.TcpMeshPublisher;
import dev.emc.core.mesh.TcpMeshSubscriber;
import dev.emc.core.tracing.Tracing;
import dev.emc.core.tracing.TracingSettings;
import dev.emc.core.transform.InvalidFilterException;
import dev.emc.core.transform.TransformSettings;
import dev.emc.core.transform.Transforms;

/** Translates the configuration into what engine, mesh and registry take. */
public final class WorkerFactory {

    private WorkerFactory() {}

    /** The name of the worker: as configured, else the connector's. */
    public static String name(WorkerConfig config, ConnectorName connector) {
        return config.name().orElse(connector.value());
    }

    static WorkerSettings settings(WorkerConfig config, ConnectorName connector) {
        return settings(config, connector, config.rate().recordsPerSecond(), config.untilIdle());
    }

    /** For a worker that replays dead letters: it ends by itself. */
    static WorkerSettings replaySettings(WorkerConfig config, ConnectorName connector, Optional<Double> recordsPerSecond) {
        return settings(config, connector, recordsPerSecond.or(config.rate()::recordsPerSecond), Optional.empty());
    }

    private static WorkerSettings settings(WorkerConfig config, ConnectorName connector, Optional<Double> recordsPerSecond,
            Optional<Duration> untilIdle) {
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
                recordsPerSecond.orElse(Double.POSITIVE_INFINITY),
                config.registry().standby().orElse(config.registry().type() == RegistryStore.Type.REDIS), untilIdle);
    }

    /** A source's way to the mesh. */
    static MeshPublisher publisher(WorkerConfig config, String worker) {
        MeshPublisher publisher = new TcpMeshPublisher(mesh(config, worker));
        return isTraced(config) ? Tracing.traced(publisher, tracing(config, worker)) : publisher;
    }

    /** A sink's way from the mesh. */
    static MeshSubscriber subscriber(WorkerConfig config, String worker) {
        MeshSubscriber subscriber = new TcpMeshSubscriber(mesh(config, worker));
        return isTraced(config) ? Tracing.traced(subscriber, tracing(config, worker)) : subscriber;
    }

    private static boolean isTraced(WorkerConfig config) {
        return config.tracing().enabled() && !"true".equalsIgnoreCase(System.getenv("OTEL_SDK_DISABLED"));
    }

    private static TracingSettings tracing(WorkerConfig config, String worker) {
        return TracingSettings.of(config.tracing(), worker, System::getenv);
    }

    /** The filter and the transforms; {@link Processing#NONE} when neither is set. */
    static Processing processing(WorkerConfig config) {
        WorkerConfig.Transform transform = config.transform();
        try {
            return Transforms.of(config.filter().orElse(null),
                    new TransformSettings(transform.rename(), transform.drop().orElse(List.of()), transform.set(),
                            transform.pick().orElse(null), transform.wrap().orElse(null),
                            transform.convert().map(convert -> switch (convert) {
                                case JSON -> TransformSettings.Convert.JSON;
                                case STRUCTURED -> TransformSettings.Convert.STRUCTURED;
                                case RAW -> TransformSettings.Convert.RAW;
                            }).orElse(null)));
        } catch (InvalidFilterException e) {
            throw new IllegalArgumentException("filter: " + e.getMessage(), e);
        }
    }

    private static int attempts(String text) {
        return text.equals("forever") ? WorkerSettings.FOREVER : Integer.parseInt(text);
    }

    static DeadLetters deadLetters(WorkerConfig config, String worker) {
        return deadLetters(config, worker, () -> true);
    }

    /** @param permission whether this process may send anything to the mesh now */
    static DeadLetters deadLetters(WorkerConfig config, String worker, BooleanSupplier permission) {
        return switch (config.deadLetters().type()) {
            case FILE -> new FileDeadLetters(config.deadLetters().path(), worker);
            case TOPIC -> {
                MeshPublisher publisher = new TcpMeshPublisher(mesh(config, worker).single());
                publisher.onlyWhile(permission);
                yield new TopicDeadLetters(publisher, config.deadLetters().topic().orElseThrow(),
                        new FileDeadLetters(config.deadLetters().path(), worker));
            }
        };
    }

    /** How the worker behaves towards the mesh. */
    public static MeshSettings mesh(WorkerConfig config, String worker) {
        try {
            return MeshSettings.of(config.mesh(), worker, config.inFlight().maxRecords());
        } catch (FatalException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
