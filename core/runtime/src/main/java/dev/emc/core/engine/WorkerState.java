package dev.emc.core.engine;

/** The life cycle of a worker, in this order; it ends in one of the last two. */
public enum WorkerState {
    CREATED, STARTING, RUNNING, DRAINING, STOPPED, FAILED;

    /** Whether the worker has ended. */
    public boolean ended() {
        return this == STOPPED || this == FAILED;
    }
}
