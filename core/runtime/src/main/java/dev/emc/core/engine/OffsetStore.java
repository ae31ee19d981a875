package dev.emc.core.engine;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.emc.api.ConnectorException;
import dev.emc.api.Position;

/** A registry as an operator sees it: the positions of any worker, without being that worker. One thread. */
public interface OffsetStore extends AutoCloseable {

    /**
     * What is stored of a worker.
     *
     * @param positions the last saved position of each partition
     * @param holder who holds the lease now; empty when nobody does
     */
    record Content(Collection<Position> positions, Optional<String> holder) {}

    /** The names of all workers that have something stored. */
    List<String> workers() throws ConnectorException, InterruptedException;

    /**
     * Reads what is stored of a worker, also while it runs.
     *
     * @return empty when nothing is
     */
    Optional<Content> read(String worker) throws ConnectorException, InterruptedException;

    /**
     * Replaces all positions of a worker, durably.
     *
     * @param force also while somebody holds the lease, who is then refused when it saves the next time
     * @throws LeaseHeldException when somebody holds the lease, and it is not to be forced or can't be
     */
    void replace(String worker, Collection<Position> positions, boolean force)
            throws ConnectorException, LeaseHeldException, InterruptedException;

    /**
     * Looks whether a worker of this name could save its positions; changes nothing that anybody sees.
     *
     * @throws ConnectorException when it couldn't
     */
    default void tryWriting(String worker) throws ConnectorException, InterruptedException {}

    /** Where it is, for the user: {@code the folder var/registry}. */
    String place();

    @Override
    void close();
}
