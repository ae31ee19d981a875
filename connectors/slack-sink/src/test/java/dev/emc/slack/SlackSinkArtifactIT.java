package dev.emc.slack;

import dev.emc.testkit.conformance.SinkArtifactConformance;

class SlackSinkArtifactIT extends SinkArtifactConformance {

    @Override
    protected SlackSinkDriver driver() throws Exception {
        return new SlackSinkDriver();
    }
}
