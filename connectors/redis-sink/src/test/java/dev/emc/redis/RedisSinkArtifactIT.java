package dev.emc.redis;

import dev.emc.testkit.conformance.SinkArtifactConformance;

class RedisSinkArtifactIT extends SinkArtifactConformance {

    @Override
    protected RedisSinkDriver driver() throws Exception {
        return RedisSinkDriver.ofStreams();
    }
}
