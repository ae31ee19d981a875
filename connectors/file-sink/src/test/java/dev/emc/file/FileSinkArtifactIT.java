package dev.emc.file;

import dev.emc.testkit.conformance.SinkArtifactConformance;

class FileSinkArtifactIT extends SinkArtifactConformance {

    @Override
    protected FileSinkDriver driver() {
        return new FileSinkDriver();
    }
}
