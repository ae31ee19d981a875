package dev.emc.file;

import dev.emc.testkit.conformance.SourceConformance;

/** The file source with lines as payloads. */
class FileSourceConformanceTest extends SourceConformance<FileSourceConfig> {

    @Override
    protected FileSourceDriver driver() {
        return FileSourceDriver.ofLines();
    }
}
