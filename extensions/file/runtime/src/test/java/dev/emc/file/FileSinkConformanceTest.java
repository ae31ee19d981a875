package dev.emc.file;

import dev.emc.testkit.conformance.SinkConformance;

class FileSinkConformanceTest extends SinkConformance<FileSinkConfig> {

    @Override
    protected FileSinkDriver driver() {
        return new FileSinkDriver();
    }
}
