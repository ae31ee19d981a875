package dev.emc.jdbc;

import dev.emc.testkit.conformance.SinkArtifactConformance;

class JdbcSinkMariaDbArtifactIT extends SinkArtifactConformance {

    @Override
    protected JdbcSinkDriver driver() throws Exception {
        return new JdbcSinkDriver(MariaDbServer.start());
    }
}
