package dev.emc.testkit.conformance;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Sink;

/**
 * Tells {@link SinkConformance} about a sink.
 *
 * @param <C> the sink's configuration interface
 */
public interface SinkDriver<C> extends ConnectorDriver<C> {

    @Override
    Sink create(C config) throws Exception;

    /**
     * Reads everything that is at a place, without the sink's help; in the order of writing where the system knows it.
     *
     * @param place what {@link #newPlace} has returned
     * @return records with whatever the sink's features say that it keeps
     */
    List<ConnectorRecord> read(Map<String, String> place) throws Exception;

    /**
     * Makes an event one that the target refuses for good, such as a value too long for its column. Without one the suite
     * lets the sink fail by itself.
     *
     * @param event a good one
     * @return the bad one, with the same id; empty when the target takes everything
     */
    default Optional<ConnectorRecord> poison(ConnectorRecord event) {
        return Optional.empty();
    }
}
