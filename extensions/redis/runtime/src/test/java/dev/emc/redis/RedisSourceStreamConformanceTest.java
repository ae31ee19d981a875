package dev.emc.redis;

import dev.emc.testkit.conformance.SourceConformance;

class RedisSourceStreamConformanceTest extends SourceConformance<RedisSourceConfig> {

    @Override
    protected RedisSourceDriver driver() throws Exception {
        return RedisSourceDriver.ofStreams();
    }
}
