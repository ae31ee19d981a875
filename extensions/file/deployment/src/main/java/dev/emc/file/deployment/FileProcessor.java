package dev.emc.file.deployment;

import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.FeatureBuildItem;

import dev.emc.core.deployment.ConnectorBuildItem;
import dev.emc.file.FileSink;
import dev.emc.file.FileSinkConfig;
import dev.emc.file.FileSource;
import dev.emc.file.FileSourceConfig;

/** Offers the file source and the file sink. */
class FileProcessor {

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem("emc-file");
    }

    @BuildStep
    void connectors(BuildProducer<ConnectorBuildItem> connectors) {
        connectors.produce(new ConnectorBuildItem("file", ConnectorBuildItem.Role.SINK, FileSink.class, FileSinkConfig.class,
                "Appends the events of EventMesh topics to files, or to standard output."));
        connectors.produce(new ConnectorBuildItem("file", ConnectorBuildItem.Role.SOURCE, FileSource.class,
                FileSourceConfig.class, "Sends the lines, rows or events in files, or the files themselves, to EventMesh."));
    }
}
