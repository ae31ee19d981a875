package dev.emc.kafka;

import dev.emc.testkit.conformance.SourceConformance;

class KafkaSourceConformanceTest extends SourceConformance<KafkaSourceConfig> {

    @Override
    protected KafkaSourceDriver driver() throws Exception {
        return KafkaSourceDriver.plainInGroup();
    }
}
