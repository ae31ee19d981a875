package dev.emc.file;

import dev.emc.testkit.conformance.SourceArtifactConformance;

class FileSourceArtifactIT extends SourceArtifactConformance {

    @Override
    protected FileSourceDriver driver() {
        return FileSourceDriver.ofLines();
    }
}
