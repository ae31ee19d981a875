package dev.emc.jdbc;

import dev.emc.testkit.conformance.SourceArtifactConformance;

class JdbcSourceArtifactIT extends SourceArtifactConformance {

    @Override
    protected JdbcSourceDriver driver() throws Exception {
        return JdbcSourceDriver.numbered(PostgresServer.start());
    }
}
