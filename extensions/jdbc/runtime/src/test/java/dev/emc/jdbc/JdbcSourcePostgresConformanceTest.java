package dev.emc.jdbc;

import dev.emc.testkit.conformance.SourceConformance;

class JdbcSourcePostgresConformanceTest extends SourceConformance<JdbcSourceConfig> {

    @Override
    protected JdbcSourceDriver driver() throws Exception {
        return JdbcSourceDriver.numbered(PostgresServer.start());
    }
}
