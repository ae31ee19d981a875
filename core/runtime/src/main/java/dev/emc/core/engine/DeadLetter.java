package dev.emc.core.engine;

import java.time.Instant;
import java.util.Objects;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Position;

/**
 * A record that can't be delivered, with the reason.
 *
 * @param record as it was received, before any transform; of a sink with its topic, of a source with its event id
 * @param body what the mesh pushed, when it could not be read as a record; null otherwise: {@code record} is null then
 * @param position where the record stands in its source; null for sinks and for records without a position
 * @param error why it can't be delivered
 * @param attempts how often it was tried, 1 or more; 0 when it never could be tried
 * @param worker the worker's name
 * @param connector the connector's name, for example {@code file-sink}
 * @param time when it was given up
 * @param raw whether the record is only what a source has read, of which it could make no record
 */
public record DeadLetter(ConnectorRecord record, byte[] body, Position position, Exception error, int attempts,
        String worker, String connector, Instant time, boolean raw) {

    /** A letter that isn't raw. */
    public DeadLetter(ConnectorRecord record, byte[] body, Position position, Exception error, int attempts, String worker,
            String connector, Instant time) {
        this(record, body, position, error, attempts, worker, connector, time, false);
    }

    public DeadLetter {
        if ((record == null) == (body == null)) {
            throw new IllegalArgumentException("a dead letter is a record or an unreadable body");
        }
        Objects.requireNonNull(error, "error");
    }

    /** What kind of error it is, for machines: the name of its class. */
    public String errorClass() {
        return error.getClass().getName();
    }

    /** Why it can't be delivered, one phrase for the user. */
    public String reason() {
        return Errors.sentence(error);
    }
}
