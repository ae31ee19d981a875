package dev.emc.api;

import java.util.Objects;

/**
 * A record of a batch that a sink could not write.
 *
 * @param record the very instance that was in the batch
 * @param error why: a {@link PermanentException} when trying again is of no use
 */
public record Failure(ConnectorRecord record, Exception error) {

    public Failure {
        Objects.requireNonNull(record, "record");
        Objects.requireNonNull(error, "error");
    }
}
