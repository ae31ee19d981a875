package dev.emc.api;

import java.util.List;

/** What a sink worker tells its connector at the start. */
public interface SinkContext extends ConnectorContext {

    /** The topics that the worker subscribes to, one or more. */
    List<String> topics();
}
