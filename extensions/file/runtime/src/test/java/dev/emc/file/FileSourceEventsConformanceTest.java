package dev.emc.file;

import dev.emc.testkit.conformance.SourceConformance;

/** The file source with lines that are CloudEvents. */
class FileSourceEventsConformanceTest extends SourceConformance<FileSourceConfig> {

    @Override
    protected FileSourceDriver driver() {
        return FileSourceDriver.ofEvents();
    }
}
