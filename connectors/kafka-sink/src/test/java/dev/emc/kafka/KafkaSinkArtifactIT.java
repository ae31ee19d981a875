package dev.emc.kafka;

import dev.emc.testkit.conformance.SinkArtifactConformance;

class KafkaSinkArtifactIT extends SinkArtifactConformance {

    @Override
    protected KafkaSinkDriver driver() throws Exception {
        return KafkaSinkDriver.binary();
    }
}
