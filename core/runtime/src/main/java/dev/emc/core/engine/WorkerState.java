package dev.emc.core.engine;

/**
 * The life cycle of a worker, in this order; it ends in one of the last two. In STANDBY it waits at its start until another
 * process gives the lease up.
 */
public enum WorkerState {
    CREATED, STARTING, STANDBY, RUNNING, DRAINING, STOPPED, FAILED;

    /** Whether the worker has ended. */
    public boolean ended() {
        return this == STOPPED || this == FAILED;
    }
}
