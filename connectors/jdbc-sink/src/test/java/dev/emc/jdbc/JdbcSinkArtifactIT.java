package dev.emc.jdbc;

import dev.emc.testkit.conformance.SinkArtifactConformance;

/** With PostgreSQL. */
class JdbcSinkArtifactIT extends SinkArtifactConformance {

    @Override
    protected JdbcSinkDriver driver() throws Exception {
        return new JdbcSinkDriver(PostgresServer.start());
    }
}
