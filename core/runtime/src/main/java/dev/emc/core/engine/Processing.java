package dev.emc.core.engine;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;

/** What happens to each record between its two sides: the event filter and the transforms. Called on one thread. */
public interface Processing {

    /** Leaves records as they are. */
    Processing NONE = record -> record;

    /**
     * Filters and transforms one record.
     *
     * @param record complete: it has at least {@code id}, {@code source} and {@code type}
     * @return the record to deliver: the same instance when nothing has changed, null when the filter rejects it
     * @throws PermanentException when the record can't be transformed, for example because its payload is no JSON
     */
    ConnectorRecord process(ConnectorRecord record) throws PermanentException;
}
