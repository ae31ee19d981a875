package dev.emc.kafka;

import dev.emc.testkit.conformance.SinkConformance;

class KafkaSinkTransactionsConformanceTest extends SinkConformance<KafkaSinkConfig> {

    @Override
    protected KafkaSinkDriver driver() throws Exception {
        return KafkaSinkDriver.structuredInTransactions();
    }
}
