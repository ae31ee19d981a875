package dev.emc.api;

/**
 * How a source learns that a record is safe: by the {@link Position} that the registry keeps, or, where the outside
 * system can't be read again (HTTP, AMQP), by an {@link Acknowledgement}.
 */
public sealed interface Progress permits Position, Acknowledgement {}
