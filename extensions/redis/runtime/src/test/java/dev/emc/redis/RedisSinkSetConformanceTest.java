package dev.emc.redis;

import dev.emc.testkit.conformance.SinkConformance;

class RedisSinkSetConformanceTest extends SinkConformance<RedisSinkConfig> {

    @Override
    protected RedisSinkDriver driver() throws Exception {
        return RedisSinkDriver.ofSets();
    }
}
