package dev.emc.api;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** What a source worker tells its connector at the start. */
public interface SourceContext extends ConnectorContext {

    /** The committed position of a partition: the last record that must not be read again; empty to start afresh. */
    Optional<Position> position(Map<String, Object> partition);

    /** The committed positions of all partitions that the registry knows. */
    Collection<Position> positions();
}
