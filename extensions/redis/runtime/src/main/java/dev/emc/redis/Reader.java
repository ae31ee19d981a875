package dev.emc.redis;

import java.time.Duration;
import java.util.List;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.SourceRecord;

/** One way of reading from Redis; see {@link dev.emc.api.Source}. */
interface Reader extends AutoCloseable {

    /** @param worker the name of the worker */
    void start(String worker) throws ConnectorException, InterruptedException;

    List<SourceRecord> poll(int max, Duration wait) throws ConnectorException, InterruptedException;

    void commit(List<SourceRecord> accepted) throws ConnectorException, InterruptedException;

    /** How much waits; -1 when unknown. As of the last poll: it asks nobody. */
    long lag();

    /** Looks at what is to be read; the server is there. Changes nothing. */
    List<Check> check() throws ConnectorException, InterruptedException;

    @Override
    default void close() {}
}
