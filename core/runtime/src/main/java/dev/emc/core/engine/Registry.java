package dev.emc.core.engine;

import java.util.Collection;

import dev.emc.api.ConnectorException;
import dev.emc.api.Position;

/**
 * Where a source worker keeps how far it has come, and by which it is the only active one of its name. One thread, but for
 * {@link #held()}.
 */
public interface Registry extends AutoCloseable {

    /**
     * Takes the lease of a worker name and reads its positions. After {@link LeaseHeldException} it may be called again.
     *
     * @return the last saved position of each partition
     * @throws LeaseHeldException when another process holds the lease
     * @throws dev.emc.api.FatalException when what is stored is damaged, or the store refuses this worker
     * @throws dev.emc.api.RetryableException when the store can't be reached
     */
    Collection<Position> open(String worker) throws ConnectorException, LeaseHeldException, InterruptedException;

    /**
     * Whether this process is still the only active one, as far as it knows without asking: false from the moment on at
     * which another one may have taken over. It may become true again. Costs nothing; any thread.
     */
    boolean held();

    /**
     * Saves the newest position of each of these partitions; they are durable when it returns, all or none. A position with an
     * empty offset makes the registry forget its partition. Without any positions it only tells whether the lease is lost.
     *
     * @throws dev.emc.api.FatalException when another process has taken the lease
     * @throws dev.emc.api.RetryableException when the store can't be written now
     */
    void save(Collection<Position> positions) throws ConnectorException, InterruptedException;

    /** Gives the lease back, so that a standby takes over at once. */
    @Override
    void close();
}
