package dev.emc.redis;

import dev.emc.testkit.conformance.SinkConformance;

class RedisSinkStringConformanceTest extends SinkConformance<RedisSinkConfig> {

    @Override
    protected RedisSinkDriver driver() throws Exception {
        return RedisSinkDriver.ofStrings();
    }
}
