package dev.emc.slack;

import dev.emc.testkit.conformance.SinkConformance;

class SlackSinkConformanceTest extends SinkConformance<SlackSinkConfig> {

    @Override
    protected SlackSinkDriver driver() throws Exception {
        return new SlackSinkDriver();
    }
}
