package dev.emc.core.engine;

import java.time.Instant;

/**
 * How a worker is, at one moment.
 *
 * @param name the worker's name
 * @param connector the connector's name, for example {@code file-sink}
 * @param state where it stands in its life cycle
 * @param ready whether records can flow: running, connected to the mesh, and nothing is being tried again
 * @param reason one phrase for the user: why it isn't ready, else how it is
 * @param since when it entered its state
 * @param received records taken in
 * @param delivered records safely at the other side
 * @param dead records kept as dead letters
 * @param dropped records thrown away
 * @param released records of a source that were given back unfinished with their partition, for another worker to read again
 * @param retries records tried again, each attempt counted
 * @param inFlight records taken in and not yet finished
 * @param lag what waits at the outside system; -1 when unknown
 * @param receivedPerSecond over the last seconds
 * @param deliveredPerSecond over the last seconds
 */
public record WorkerStatus(String name, String connector, WorkerState state, boolean ready, String reason, Instant since,
        long received, long delivered, long dead, long dropped, long released, long retries, long inFlight, long lag,
        double receivedPerSecond, double deliveredPerSecond) {}
