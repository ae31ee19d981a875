package dev.emc.http.deployment;

import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.FeatureBuildItem;

import dev.emc.core.deployment.ConnectorBuildItem;
import dev.emc.http.HttpSink;
import dev.emc.http.HttpSinkConfig;
import dev.emc.http.HttpSource;
import dev.emc.http.HttpSourceConfig;

/** Offers the HTTP source and the HTTP sink. */
class HttpProcessor {

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem("emc-http");
    }

    @BuildStep
    void connectors(BuildProducer<ConnectorBuildItem> connectors) {
        connectors.produce(new ConnectorBuildItem("http", ConnectorBuildItem.Role.SINK, HttpSink.class, HttpSinkConfig.class,
                "Sends the events of EventMesh topics to HTTP servers, as CloudEvents or as requests of any form."));
        connectors.produce(new ConnectorBuildItem("http", ConnectorBuildItem.Role.SOURCE, HttpSource.class,
                HttpSourceConfig.class,
                "Takes in events and webhooks over HTTP, or asks HTTP servers for what is new, and sends it to EventMesh."));
    }
}
