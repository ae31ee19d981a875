package dev.emc.registry.redis;

import dev.emc.core.registry.FileNames;

/** The keys of one worker; the braces keep them together on one node of a cluster. */
record WorkerKeys(String lease, String positions) {

    static WorkerKeys of(String prefix, String worker) {
        String tag = prefix + ":{" + FileNames.of(worker) + "}:";
        return new WorkerKeys(tag + "lease", tag + "positions");
    }

    /** Keys of nothing, at the same place. */
    static WorkerKeys ofTrial(String prefix, String worker) {
        String tag = prefix + ":{" + FileNames.of(worker) + "}:";
        return new WorkerKeys(tag + "trial", tag + "trial");
    }
}
