package dev.emc.core.deployment;

import io.quarkus.builder.item.SimpleBuildItem;

/** The one connector that this application is. */
public final class PickedConnectorBuildItem extends SimpleBuildItem {

    private final ConnectorBuildItem connector;

    public PickedConnectorBuildItem(ConnectorBuildItem connector) {
        this.connector = connector;
    }

    public ConnectorBuildItem connector() {
        return connector;
    }
}
