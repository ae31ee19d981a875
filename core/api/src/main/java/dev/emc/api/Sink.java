package dev.emc.api;

import java.util.List;

/**
 * Writes records to an outside system. The worker calls every method from one thread, and {@link #close()} once at the
 * end, also when {@link #start} failed. A sink owns no queue, no retry loop and no thread that outlives
 * {@code close()}.
 */
public interface Sink extends Connector {

    /**
     * Connects, checks what can be checked, and repairs what an earlier crash has left.
     *
     * @throws FatalException when this configuration can't work
     * @throws RetryableException when the outside system can't be reached now
     */
    void start(SinkContext context) throws Exception;

    /**
     * Writes a batch in the order given. When it returns, all records that the result doesn't name are safely at the
     * target: the worker acknowledges them to the mesh. When it throws, no record counts as written and the worker
     * calls again with the same batch, or a part of it.
     *
     * @param batch one record or more
     * @return the records that could not be written, each with its reason; mostly empty
     */
    List<Failure> put(List<ConnectorRecord> batch) throws Exception;

    /**
     * Whether {@link #put} writes in the order of the batch and names only records that are bad for good: when it could
     * not write a good one, it throws. With {@code ordering: strict} a sink that can't promise this gets batches of one
     * record.
     */
    default boolean ordered() {
        return false;
    }

    /**
     * Called by the worker when no record came for a while (about every 100 ms), for work that depends on time, such
     * as closing a file that is due.
     */
    default void idle() throws Exception {}
}
