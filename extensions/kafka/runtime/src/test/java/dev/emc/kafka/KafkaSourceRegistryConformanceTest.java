package dev.emc.kafka;

import dev.emc.testkit.conformance.SourceConformance;

class KafkaSourceRegistryConformanceTest extends SourceConformance<KafkaSourceConfig> {

    @Override
    protected KafkaSourceDriver driver() throws Exception {
        return KafkaSourceDriver.eventsWithRegistry();
    }
}
