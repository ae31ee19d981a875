package dev.emc.jdbc;

import dev.emc.testkit.conformance.SourceConformance;

class JdbcSourcePostgresTimedConformanceTest extends SourceConformance<JdbcSourceConfig> {

    @Override
    protected JdbcSourceDriver driver() throws Exception {
        return JdbcSourceDriver.timed(PostgresServer.start());
    }
}
