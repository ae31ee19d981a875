package dev.emc.jdbc;

import dev.emc.testkit.conformance.SourceConformance;

class JdbcSourceMariaDbTimedConformanceTest extends SourceConformance<JdbcSourceConfig> {

    @Override
    protected JdbcSourceDriver driver() throws Exception {
        return JdbcSourceDriver.timed(MariaDbServer.start());
    }
}
