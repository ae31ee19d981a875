package dev.emc.jdbc;

import dev.emc.testkit.conformance.SinkConformance;

class JdbcSinkMySqlConformanceTest extends SinkConformance<JdbcSinkConfig> {

    @Override
    protected JdbcSinkDriver driver() throws Exception {
        return new JdbcSinkDriver(MySqlServer.start());
    }
}
