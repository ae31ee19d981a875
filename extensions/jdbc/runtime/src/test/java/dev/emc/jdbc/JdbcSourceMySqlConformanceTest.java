package dev.emc.jdbc;

import dev.emc.testkit.conformance.SourceConformance;

class JdbcSourceMySqlConformanceTest extends SourceConformance<JdbcSourceConfig> {

    @Override
    protected JdbcSourceDriver driver() throws Exception {
        return JdbcSourceDriver.numbered(MySqlServer.start());
    }
}
