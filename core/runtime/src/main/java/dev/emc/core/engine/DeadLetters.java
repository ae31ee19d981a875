package dev.emc.core.engine;

import java.time.Duration;
import java.util.List;

import dev.emc.api.ConnectorException;

/** Where records go that can't be delivered. One thread. */
public interface DeadLetters extends AutoCloseable {

    /**
     * Makes ready to keep, so that a place that can't be used is found at the start and not with the first bad record.
     *
     * @throws dev.emc.api.RetryableException when the place can't be reached in time
     * @throws dev.emc.api.FatalException when it can never be used
     */
    void open(Duration deadline) throws ConnectorException, InterruptedException;

    /**
     * Keeps these, one or more; they are durable when it returns. After an exception some may be kept and all are given
     * again.
     *
     * @throws dev.emc.api.RetryableException when they can't be kept now
     * @throws dev.emc.api.FatalException when they never can
     */
    void keep(List<DeadLetter> letters) throws ConnectorException, InterruptedException;

    /** Where they go, for the user: {@code the file var/dead-letters/orders.ndjson}. */
    String place();

    @Override
    void close();
}
