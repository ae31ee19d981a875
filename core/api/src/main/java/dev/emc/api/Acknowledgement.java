package dev.emc.api;

/**
 * The handle of a record that its outside system pushed and waits for an answer to. The worker calls exactly one of
 * the two methods, once, from any thread; they don't block.
 */
public non-sealed interface Acknowledgement extends Progress {

    /** The mesh has accepted the record. */
    void accepted();

    /** The record was given up, for example because the worker stops; the sender should send it again. */
    void rejected(Exception reason);
}
