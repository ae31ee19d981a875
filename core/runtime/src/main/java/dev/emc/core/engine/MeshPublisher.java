package dev.emc.core.engine;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;

/** The way to the mesh for a source worker. Keeps itself connected between {@link #open} and {@link #close}. */
public interface MeshPublisher extends AutoCloseable {

    /**
     * Connects and says hello; tries again until the deadline.
     *
     * @throws dev.emc.api.RetryableException when the mesh can't be reached in time
     * @throws dev.emc.api.FatalException when the mesh refuses this client
     */
    void open(Duration deadline) throws ConnectorException, InterruptedException;

    /**
     * Sets who is asked, right before a record goes to the network, whether it may; from any thread. What may not comes back
     * with a {@code RetryableException} whose cause is a {@link NotConnectedException}. Called before {@link #open}.
     */
    default void onlyWhile(BooleanSupplier permission) {}

    /**
     * Sends a record. Doesn't block: the caller bounds what is in flight.
     *
     * @param record has at least {@code id}, {@code source} and {@code type}
     * @param done called once, from any thread: with null when the mesh has accepted the record, with a
     *            {@code RetryableException} when it has to be sent again with the same id (connection lost, no answer
     *            in time, server overloaded), with a {@code PermanentException} when the mesh can never take it
     */
    void publish(ConnectorRecord record, String topic, Consumer<Exception> done);

    /** Records that can be on their way to the mesh at once; further ones wait in the publisher. */
    default int window() {
        return Integer.MAX_VALUE;
    }

    /** Hands what {@link #publish} has buffered to the network. */
    void flush();

    MeshState state();

    /** Says goodbye and closes. What is still in flight ends with a {@code RetryableException}. */
    @Override
    void close();
}
