package dev.emc.core.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the engine has to know of the configuration.
 *
 * @param connector the connector's name, for example {@code file-sink}
 * @param topics topics of the mesh; a source sends records without a topic of their own to the first one
 * @param batchMaxRecords records in a batch, at the most
 * @param batchMaxBytes bytes in a batch, at the most; one longer record is a batch of its own
 * @param batchLinger how long a batch of a sink may wait for more records while they keep coming
 * @param inFlightMaxRecords records taken in and not yet finished, at the most; in a source those that the mesh has accepted
 *            and that wait for an earlier one don't count, up to eight times as many
 * @param inFlightMaxBytes bytes taken in and not yet finished, at the most, give or take one poll of a source
 * @param retryInitialDelay wait before the first new attempt
 * @param retryMaxDelay longest wait between two attempts
 * @param registryInterval how often a source saves its progress while records flow
 * @param connectTimeout how long to try to reach mesh, registry and outside system at the start, each
 * @param shutdownTimeout how long to finish what is in flight after {@link ConnectorWorker#drain()}
 * @param strictOrder whether no record may overtake another one of its partition, not even by a retry
 * @param retryAttempts how often a record is tried in all; {@link #FOREVER}: until it works
 * @param onError what happens to a record that fails for good
 * @param breakerFailures the worker stops when so many of the last records failed for good; 0: never
 * @param breakerWindow how many of the last records count for that
 * @param recordsPerSecond how fast to deliver at the most; infinite: as fast as it goes
 * @param standby whether to wait while another process holds the lease, in place of ending
 * @param untilIdle end once nothing came for that long; empty: run until told to stop
 */
public record WorkerSettings(String connector, List<String> topics, int batchMaxRecords, long batchMaxBytes,
        Duration batchLinger, int inFlightMaxRecords, long inFlightMaxBytes, Duration retryInitialDelay,
        Duration retryMaxDelay, Duration registryInterval, Duration connectTimeout, Duration shutdownTimeout,
        boolean strictOrder, int retryAttempts, OnError onError, int breakerFailures, int breakerWindow,
        double recordsPerSecond, boolean standby, Optional<Duration> untilIdle) {

    /** As {@code retryAttempts}: no bound. */
    public static final int FOREVER = Integer.MAX_VALUE;

    /** What happens to a record that fails for good. */
    public enum OnError {
        /** The worker ends with exit code 1. */
        STOP,
        /** It is kept with the reason. */
        DEAD_LETTER,
        /** It is thrown away and counted. */
        DROP
    }

    /** @throws IllegalArgumentException when a limit is not positive or there is no topic */
    public WorkerSettings {
        topics = List.copyOf(topics);
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("a worker needs a topic");
        }
        if (batchMaxRecords < 1 || batchMaxBytes < 1 || inFlightMaxRecords < 1 || inFlightMaxBytes < 1) {
            throw new IllegalArgumentException("limits of batches and of what is in flight must be 1 or more");
        }
        if (retryAttempts < 1 || !(recordsPerSecond > 0)) {
            throw new IllegalArgumentException("attempts and rate must be positive");
        }
        if (breakerFailures < 0 || breakerFailures > breakerWindow) {
            throw new IllegalArgumentException("the breaker's failures must be between 0 and its window");
        }
    }
}
