package dev.emc.core.engine;

import java.util.Collection;

import dev.emc.api.ConnectorException;
import dev.emc.api.Position;

/** Where a source worker keeps how far it has come. One thread. */
public interface Registry extends AutoCloseable {

    /**
     * Takes the lease of a worker name and reads its positions.
     *
     * @return the last saved position of each partition
     * @throws dev.emc.api.FatalException when another process holds the lease, or what is stored is damaged
     * @throws dev.emc.api.RetryableException when the store can't be reached
     */
    Collection<Position> open(String worker) throws ConnectorException;

    /**
     * Saves the newest position of each of these partitions; they are durable when it returns, all or none.
     *
     * @throws dev.emc.api.FatalException when the lease is lost
     * @throws dev.emc.api.RetryableException when the store can't be written now
     */
    void save(Collection<Position> positions) throws ConnectorException;

    /** Gives the lease back. */
    @Override
    void close();
}
