package dev.emc.jdbc;

import dev.emc.testkit.conformance.SinkConformance;

class JdbcSinkPostgresConformanceTest extends SinkConformance<JdbcSinkConfig> {

    @Override
    protected JdbcSinkDriver driver() throws Exception {
        return new JdbcSinkDriver(PostgresServer.start());
    }
}
