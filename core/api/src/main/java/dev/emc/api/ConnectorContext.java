package dev.emc.api;

/** What a worker tells its connector at the start. */
public interface ConnectorContext {

    /** The name of this worker, unique among the workers that share a registry, for example {@code orders-to-file}. */
    String name();
}
