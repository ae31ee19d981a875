package dev.emc.core.cli;

import java.util.ArrayList;
import java.util.List;

import dev.emc.core.engine.ConnectorWorker;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * What SIGTERM and SIGINT do to a worker: the first one drains it, the second one stops it at once. One that comes before
 * the worker is there, while the settings are read and Quarkus boots, counts too.
 */
final class StopSignals {

    /** As from a process that such a signal has killed. */
    private static final int KILLED = 128 + 15;

    private static final StopSignals OF_PROCESS = new StopSignals(() -> Runtime.getRuntime().halt(KILLED));

    private static final List<Runnable> UNDO = new ArrayList<>();

    private final Runnable kill;
    private Runnable drain;
    private Runnable abort;
    private int signals;

    /** @param kill ends the process although there is no worker yet */
    StopSignals(Runnable kill) {
        this.kill = kill;
    }

    /** Takes the signals of this process from now on. */
    static void install() {
        for (String name : List.of("TERM", "INT")) {
            Signal signal = new Signal(name);
            SignalHandler before = Signal.handle(signal, received -> OF_PROCESS.stop());
            UNDO.add(() -> Signal.handle(signal, before));
        }
    }

    /** There will be no worker: a signal ends the process from now on, and if one came before, now. */
    static void leaveToTheSystem() {
        UNDO.forEach(Runnable::run);
        UNDO.clear();
        OF_PROCESS.noWorker();
    }

    synchronized void noWorker() {
        if (signals > 0) {
            kill.run();
        }
    }

    /** The worker is there; it has not run yet. */
    static void handle(ConnectorWorker worker) {
        OF_PROCESS.handle(worker::drain, worker::abort);
    }

    synchronized void handle(Runnable drainWorker, Runnable abortWorker) {
        drain = drainWorker;
        abort = abortWorker;
        if (signals > 0) {
            drain.run();
        }
    }

    /** A signal came. */
    synchronized void stop() {
        signals++;
        if (drain == null) {
            if (signals > 1) {
                kill.run();
            }
        } else if (signals == 1) {
            drain.run();
        } else {
            abort.run();
        }
    }
}
