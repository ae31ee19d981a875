package dev.emc.api;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * What a source worker tells its connector, and what the connector tells the worker about its partitions. Used within the
 * methods of {@link Source}, on the thread that calls them.
 */
public interface SourceContext extends ConnectorContext {

    /**
     * The saved position of a partition: the last record that must not be read again; empty to start afresh. Always empty for a
     * source that is {@link Source#selfCoordinated()}.
     */
    Optional<Position> position(Map<String, Object> partition);

    /** The saved positions of all partitions that the registry knows. */
    Collection<Position> positions();

    /**
     * Saves where partitions begin that have no saved position yet, before their first record is polled. For a source that
     * begins with what comes from now on: otherwise one that ends before its first record is committed would begin later the
     * next time, and leave out what came meanwhile. To be called within {@link Source#start} or {@link Source#poll}.
     *
     * @throws RetryableException when the registry can't be written
     * @throws FatalException when the worker has to stop
     * @throws IllegalStateException when called by another thread
     */
    void begin(Collection<Position> positions) throws ConnectorException, InterruptedException;

    /**
     * Gives partitions back in good order, because the outside system is about to give them to somebody else. Waits until what
     * was polled of them is accepted by the mesh, or {@code wait} is over (or the time to stop in); saves and commits what is
     * safe by then, by calling {@link Source#commit} from within; and forgets the partitions: what was not finished is never
     * committed by this worker. Should a partition come back, its records start afresh.
     *
     * <p>To be called within {@link Source#poll}, {@link Source#idle} or {@link Source#commit}, before a poll returns records of partitions that were
     * given to this worker since. What the poll itself has read of the released ones, it must not return.
     *
     * @param wait 0 to save and commit what is safe already
     * @throws FatalException when the worker has to stop
     * @throws IllegalStateException when called by another thread
     */
    void release(Collection<Map<String, Object>> partitions, Duration wait) throws Exception;

    /**
     * Gives partitions up at once, because somebody else has them already: nothing of them is committed any more. To be called
     * as {@link #release}.
     *
     * @throws IllegalStateException when called by another thread
     */
    void abandon(Collection<Map<String, Object>> partitions);

    /**
     * Tells that a partition is gone for ever, such as a file that was removed: the registry drops its position as soon as all
     * of its records are committed. Should records of it be polled again, it isn't gone. To be called within the methods of
     * {@link Source}.
     *
     * @throws IllegalStateException when called by another thread
     */
    void forget(Map<String, Object> partition);
}
