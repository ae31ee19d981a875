package dev.emc.slack.deployment;

import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.FeatureBuildItem;

import dev.emc.core.deployment.ConnectorBuildItem;
import dev.emc.slack.SlackSink;
import dev.emc.slack.SlackSinkConfig;
import dev.emc.slack.SlackSource;
import dev.emc.slack.SlackSourceConfig;

/** Offers the Slack source and the Slack sink. */
class SlackProcessor {

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem("emc-slack");
    }

    @BuildStep
    void connectors(BuildProducer<ConnectorBuildItem> connectors) {
        connectors.produce(new ConnectorBuildItem("slack", ConnectorBuildItem.Role.SINK, SlackSink.class,
                SlackSinkConfig.class, "Posts the events of EventMesh topics to Slack, as messages or files."));
        connectors.produce(new ConnectorBuildItem("slack", ConnectorBuildItem.Role.SOURCE, SlackSource.class,
                SlackSourceConfig.class, "Sends what happens in Slack to EventMesh: events, slash commands, interactions."));
    }
}
