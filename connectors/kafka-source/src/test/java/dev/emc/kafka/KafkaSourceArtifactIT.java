package dev.emc.kafka;

import dev.emc.testkit.conformance.SourceArtifactConformance;

class KafkaSourceArtifactIT extends SourceArtifactConformance {

    @Override
    protected KafkaSourceDriver driver() throws Exception {
        return KafkaSourceDriver.plainInGroup();
    }
}
