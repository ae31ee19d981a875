package dev.emc.slack;

import dev.emc.testkit.conformance.SourceConformance;

class SlackSourceConformanceTest extends SourceConformance<SlackSourceConfig> {

    @Override
    protected SlackSourceDriver driver() {
        return new SlackSourceDriver();
    }
}
