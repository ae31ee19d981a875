package dev.emc.redis;

import dev.emc.testkit.conformance.SourceConformance;

class RedisSourceListConformanceTest extends SourceConformance<RedisSourceConfig> {

    @Override
    protected RedisSourceDriver driver() throws Exception {
        return RedisSourceDriver.ofLists();
    }
}
