package dev.emc.core.cli;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.emc.core.engine.ConnectorWorker;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/** What SIGTERM and SIGINT do to a worker: the first one drains it, the second one stops it at once. */
final class StopSignals {

    private StopSignals() {}

    static void handle(ConnectorWorker worker) {
        var stopping = new AtomicBoolean();
        SignalHandler stop = signal -> {
            if (stopping.getAndSet(true)) {
                worker.abort();
            } else {
                worker.drain();
            }
        };
        Signal.handle(new Signal("TERM"), stop);
        Signal.handle(new Signal("INT"), stop);
        // one that came while Quarkus booted was taken by Quarkus, which ends the process once this worker has ended
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(worker::drain, "emc-stop"));
        } catch (IllegalStateException endingAlready) {
            worker.drain();
        }
    }
}
