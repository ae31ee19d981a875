package dev.emc.slack;

import dev.emc.testkit.conformance.SourceArtifactConformance;

class SlackSourceArtifactIT extends SourceArtifactConformance {

    @Override
    protected SlackSourceDriver driver() throws Exception {
        return new SlackSourceDriver();
    }
}
