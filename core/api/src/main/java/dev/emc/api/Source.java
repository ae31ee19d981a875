package dev.emc.api;

import java.time.Duration;
import java.util.List;

/**
 * Reads records from an outside system. The worker calls every method from one thread, and {@link #close()} once at
 * the end, also when {@link #start} failed. A source owns no queue, no retry loop and no thread that outlives
 * {@code close()}.
 */
public interface Source extends Connector {

    /**
     * Connects and goes to where reading has to resume.
     *
     * @throws FatalException when this configuration can't work
     * @throws RetryableException when the outside system can't be reached now
     */
    void start(SourceContext context) throws Exception;

    /**
     * Returns the next records in the order in which they have to reach the mesh.
     *
     * @param max how many records at the most, 1 or more
     * @param wait how long to wait for the first record; returning early is fine, spinning is not
     * @return the records; empty when there is nothing now
     */
    List<SourceRecord> poll(int max, Duration wait) throws Exception;

    /**
     * Tells that records are safe: the mesh has accepted them and their positions are durable. Records come here in
     * the order of {@link #poll} within a partition, each one once.
     */
    default void commit(List<SourceRecord> accepted) throws Exception {}

    /** Whether nothing will ever come again, so that the worker may finish with exit code 0. */
    default boolean exhausted() {
        return false;
    }

    /** How many records (or bytes, as the connector documents) wait at the outside system; -1 when unknown. */
    default long lag() {
        return -1;
    }
}
