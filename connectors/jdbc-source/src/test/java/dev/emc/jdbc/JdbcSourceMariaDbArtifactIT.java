package dev.emc.jdbc;

import dev.emc.testkit.conformance.SourceArtifactConformance;

class JdbcSourceMariaDbArtifactIT extends SourceArtifactConformance {

    @Override
    protected JdbcSourceDriver driver() throws Exception {
        return JdbcSourceDriver.numbered(MariaDbServer.start());
    }
}
