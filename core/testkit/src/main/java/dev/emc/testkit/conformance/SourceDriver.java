package dev.emc.testkit.conformance;

import java.util.List;
import java.util.Map;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Source;

/**
 * Tells {@link SourceConformance} about a source.
 *
 * @param <C> the source's configuration interface
 */
public interface SourceDriver<C> extends ConnectorDriver<C> {

    @Override
    Source create(C config) throws Exception;

    /**
     * Puts records into a place, for the source to find: the payload, and whatever the features say is kept. Returns when the
     * system has them for good.
     *
     * @param place what {@link #newPlace} has returned
     */
    void write(Map<String, String> place, List<ConnectorRecord> records) throws Exception;

    /** What {@link #write} was given as payload, found in an event of the source; null for none. */
    default byte[] payload(ConnectorRecord event) {
        return event.data();
    }

    /**
     * Puts something into a place that the source can read and can't make an event of, such as a broken line. For drivers with
     * {@link Feature#UNREADABLE}.
     */
    default void writePoison(Map<String, String> place) throws Exception {
        throw new UnsupportedOperationException(name() + " has the feature UNREADABLE, and its driver no writePoison");
    }
}
