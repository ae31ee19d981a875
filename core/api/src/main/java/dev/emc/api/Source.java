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
     * Tells that records with a position are safe: the mesh has accepted them (or they are kept as dead letters), and their
     * positions are durable in the registry, unless the source is {@link #selfCoordinated()}. Records come here in the order of
     * {@link #poll} within a partition, without gaps, each one once, or again after an exception.
     */
    default void commit(List<SourceRecord> accepted) throws Exception {}

    /**
     * Whether {@link #commit} has to be called. A source without a {@code commit} of its own says no: then the worker lets go of
     * each record as soon as the mesh has accepted it. Always the same answer.
     */
    default boolean commits() {
        return true;
    }

    /**
     * Whether the outside system itself hands out the work and keeps how far it is done: a consumer group, a queue, callers that
     * wait for an answer. The worker takes no lease and saves no positions then, any number of workers of one name run side by
     * side, and {@link #commit} (or the {@link Acknowledgement}) is what makes progress durable. Positions still say which
     * records belong together and in which order they come, and give stable event ids.
     *
     * <p>It may depend on the configuration: it is asked after construction and before {@link #start}, touches nothing outside
     * this process, and always answers the same.
     */
    default boolean selfCoordinated() {
        return false;
    }

    /**
     * Called by the worker about every second while it doesn't {@link #poll}, because the mesh is away or slow or a rate limit
     * holds it up: for what has to go on all the time, such as staying a member of a consumer group. Errors are as those of
     * {@code poll}.
     */
    default void idle() throws Exception {}

    /** Whether nothing will ever come again, so that the worker may finish with exit code 0. */
    default boolean exhausted() {
        return false;
    }

    /** How many records (or bytes, as the connector documents) wait at the outside system; -1 when unknown. */
    default long lag() {
        return -1;
    }
}
