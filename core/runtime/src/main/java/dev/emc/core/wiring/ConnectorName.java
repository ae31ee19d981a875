package dev.emc.core.wiring;

/**
 * Which connector this application is.
 *
 * @param value as in the binary's name, for example {@code file-sink}
 */
public record ConnectorName(String value) {}
