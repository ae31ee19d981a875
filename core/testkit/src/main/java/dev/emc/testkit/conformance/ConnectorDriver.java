package dev.emc.testkit.conformance;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.emc.api.Connector;
import dev.emc.api.ConnectorRecord;

/**
 * What a conformance suite has to know of a connector and of the outside system that it talks to. One driver serves all tests
 * of a suite, one after the other: it starts the system when it is made and stops it in {@link #close}.
 *
 * @param <C> the connector's configuration interface
 */
public interface ConnectorDriver<C> extends AutoCloseable {

    /** The connector's name, such as {@code file-sink}. */
    String name();

    /** The connector's {@code @ConfigMapping} interface. */
    Class<C> configClass();

    /** Makes the connector, as an application does. */
    Connector create(C config) throws Exception;

    /** What this connector and its system can do. */
    Set<Feature> features();

    /** The longest payload in bytes that the system takes; the suite tries one of that length, or of 1 MiB. */
    default int maxPayload() {
        return 1 << 20;
    }

    /**
     * Makes a new, empty place in the outside system: a folder, a table, a queue. Each test works in its own.
     *
     * @return the keys of a config file that lead the connector there, without {@code connector.}; all that are needed, such
     *         as addresses and passwords, and none that could be left out
     */
    Map<String, String> newPlace() throws Exception;

    /**
     * Makes a new, empty place for the connector's sample config file. Those of these keys that the sample takes from a variable
     * ({@code path: ${FILE:orders.log}}) get their values by it; the others have to be right in the sample already.
     *
     * @return as {@link #newPlace}
     */
    default Map<String, String> samplePlace() throws Exception {
        return newPlace();
    }

    /** What goes through the connector with its sample config file: records of texts that it takes, all different. */
    default List<ConnectorRecord> sampleRecords() {
        return Samples.records(0, 100);
    }

    /** Makes the outside system unreachable while everything in it stays; connections break. */
    void breakSystem() throws Exception;

    /** Ends what {@link #breakSystem} has done. */
    void mendSystem() throws Exception;

    /**
     * Settings that are no typing errors and still can't work, each key (without {@code connector.}) with such a value:
     * {@code validate()} has to name the key.
     */
    default Map<String, String> wrongSettings() {
        return Map.of();
    }

    /** Stops the outside system. */
    @Override
    default void close() throws Exception {}
}
