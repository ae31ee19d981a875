package dev.emc.core.engine;

/**
 * How the connection to the mesh is.
 *
 * @param ready whether records can flow
 * @param reason one phrase for the user, for example {@code connected to 127.0.0.1:10000}
 */
public record MeshState(boolean ready, String reason) {}
