package dev.emc.testkit.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.emc.core.deadletters.FileDeadLetters;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.DeadLetters;
import dev.emc.core.engine.Outcome;
import dev.emc.core.engine.Processing;
import dev.emc.core.engine.SinkWorker;
import dev.emc.core.engine.SourceWorker;
import dev.emc.core.engine.WorkerSettings;
import dev.emc.core.mesh.MeshSettings;
import dev.emc.core.mesh.TcpMeshPublisher;
import dev.emc.core.mesh.TcpMeshSubscriber;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.registry.FileRegistry;
import dev.emc.testkit.MeshClients;

/** The main class of a process with one worker that dies at a chosen step. It drains when its input ends. */
final class FaultyWorker {

    static final String TOPIC = "faults";
    static final String NAME = "faulty";
    static final String DEAD_LETTERS = "dead-letters";

    private FaultyWorker() {}

    /**
     * @param arguments {@code source} or {@code sink}; address of the mesh; working folder; records of each partition of a
     *            source; step at which to die, or {@code -}; at which pass of it; {@code strict} or {@code relaxed};
     *            milliseconds that the outside system takes for each batch
     */
    public static void main(String[] arguments) throws Exception {
        boolean source = arguments[0].equals("source");
        MeshSettings mesh = MeshClients.settings(arguments[1], TOPIC, NAME);
        Path folder = Path.of(arguments[2]);
        KillPoint point = arguments[4].equals("-") ? null : KillPoint.valueOf(arguments[4]);
        Killer killer = new Killer(point, Integer.parseInt(arguments[5]));
        WorkerSettings settings = settings(arguments[6].equals("strict"));
        Duration pause = Duration.ofMillis(Long.parseLong(arguments[7]));
        ConnectorWorker worker = source
                ? source(mesh, folder, Integer.parseInt(arguments[3]), pause, killer, settings)
                : sink(mesh, folder, pause, killer, settings);
        drainAtTheEndOfInput(worker);
        Outcome outcome = worker.run();
        System.out.println(outcome + " " + worker.status());
        System.exit(outcome.exitCode());
    }

    private static ConnectorWorker source(MeshSettings mesh, Path folder, int last, Duration pause, Killer killer,
            WorkerSettings settings) throws Exception {
        NumberSource source = new NumberSource(last, folder.resolve("committed"), killer);
        source.pause(pause);
        return new SourceWorker(NAME, source,
                new Killing.Publisher(new TcpMeshPublisher(mesh), killer),
                new Killing.KillingRegistry(new FileRegistry(folder.resolve("registry")), killer), Processing.NONE,
                deadLetters(folder, true, killer), settings, new WorkerMetrics(NAME));
    }

    private static ConnectorWorker sink(MeshSettings mesh, Path folder, Duration pause, Killer killer,
            WorkerSettings settings) throws Exception {
        return new SinkWorker(NAME, new JournalSink(folder.resolve("target"), pause, killer),
                new Killing.Subscriber(new TcpMeshSubscriber(mesh), killer), Processing.NONE,
                deadLetters(folder, false, killer), settings, new WorkerMetrics(NAME));
    }

    private static DeadLetters deadLetters(Path folder, boolean source, Killer killer) {
        return new Killing.KillingDeadLetters(new FileDeadLetters(folder.resolve(DEAD_LETTERS), NAME), source, killer);
    }

    private static WorkerSettings settings(boolean strict) {
        Duration brief = Duration.ofMillis(20);
        return new WorkerSettings(NAME, List.of(TOPIC), 40, 1 << 20, Duration.ZERO, 200, 1 << 20, brief,
                brief.multipliedBy(10), brief, Duration.ofSeconds(20), Duration.ofSeconds(20), strict,
                WorkerSettings.FOREVER, WorkerSettings.OnError.DEAD_LETTER, 0, 30, Double.POSITIVE_INFINITY, false,
                Optional.empty());
    }

    private static void drainAtTheEndOfInput(ConnectorWorker worker) {
        Thread reader = new Thread(() -> {
            try {
                System.in.readAllBytes();
            } catch (IOException e) {
                // ended, too
            }
            worker.drain();
        }, "input");
        reader.setDaemon(true);
        reader.start();
    }
}
