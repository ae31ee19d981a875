package dev.emc.jdbc;

import dev.emc.testkit.conformance.SourceConformance;

class JdbcSourceMariaDbConformanceTest extends SourceConformance<JdbcSourceConfig> {

    @Override
    protected JdbcSourceDriver driver() throws Exception {
        return JdbcSourceDriver.numbered(MariaDbServer.start());
    }
}
