package dev.emc.redis;

import dev.emc.testkit.conformance.SourceArtifactConformance;

class RedisSourceArtifactIT extends SourceArtifactConformance {

    @Override
    protected RedisSourceDriver driver() throws Exception {
        return RedisSourceDriver.ofStreams();
    }
}
