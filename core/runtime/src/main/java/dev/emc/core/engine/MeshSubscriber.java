package dev.emc.core.engine;

import java.time.Duration;
import java.util.List;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;

/**
 * The way from the mesh for a sink worker. Keeps itself connected and subscribed between {@link #open} and
 * {@link #close}.
 */
public interface MeshSubscriber extends AutoCloseable {

    /**
     * Connects, says hello, subscribes, and starts to deliver; tries again until the deadline.
     *
     * @throws dev.emc.api.RetryableException when the mesh can't be reached in time
     * @throws dev.emc.api.FatalException when the mesh refuses this client or its subscription
     */
    void open(Receiver receiver, Duration deadline) throws ConnectorException, InterruptedException;

    /** Stops reading from the network, so that the mesh feels the backpressure. */
    void pause();

    /** Reads on after {@link #pause}. */
    void resume();

    /** Takes nothing more in; what was delivered can still be acknowledged. */
    void stopIntake();

    MeshState state();

    /**
     * Whether nothing will ever come again, so that the worker may finish with exit code 0.
     *
     * @throws FatalException when nothing will come although there is more
     */
    default boolean exhausted() throws FatalException {
        return false;
    }

    /** Sends outstanding acknowledgements, says goodbye and closes. */
    @Override
    void close();

    /** Takes deliveries. Called on the network thread: must return at once. */
    interface Receiver {

        void received(Delivery delivery);

        /** Several that came together, in their order. */
        default void received(List<Delivery> deliveries) {
            deliveries.forEach(this::received);
        }

        /**
         * The mesh pushed something that is no event.
         *
         * @param problem why, for the user
         * @param body what came; may be empty
         * @param acknowledge tells the mesh not to send it again
         */
        void unreadable(String problem, byte[] body, Runnable acknowledge);
    }

    /** One pushed event. */
    interface Delivery {

        ConnectorRecord record();

        /**
         * Tells the mesh that the record is safe. Any thread; without effect when the session it came by is gone (the
         * mesh delivers the record again then).
         */
        default void acknowledge() {
            acknowledgement().run();
        }

        /**
         * {@link #acknowledge} by itself, for keeping it without the record. Two that acknowledge the same push are
         * equal.
         */
        Runnable acknowledgement();
    }
}
