package dev.emc.redis;

import dev.emc.testkit.conformance.SinkConformance;

class RedisSinkStreamConformanceTest extends SinkConformance<RedisSinkConfig> {

    @Override
    protected RedisSinkDriver driver() throws Exception {
        return RedisSinkDriver.ofStreams();
    }
}
