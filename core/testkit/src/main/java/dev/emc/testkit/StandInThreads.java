package dev.emc.testkit;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads of a test's stand-in for an outside system, which the suites don't take for a connector's. */
public final class StandInThreads {

    private static final String NAME = "stand-in";

    private StandInThreads() {}

    /** As many threads as there is work at once; none of them keeps the process from ending. */
    public static ExecutorService pool() {
        return Executors.newCachedThreadPool(StandInThreads::daemon);
    }

    /** A thread, not started. */
    public static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, NAME);
        thread.setDaemon(true);
        return thread;
    }

    /** Whether it belongs to a stand-in. */
    public static boolean contain(Thread thread) {
        return thread.getName().equals(NAME);
    }
}
