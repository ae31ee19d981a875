package dev.emc.jdbc;

import dev.emc.testkit.conformance.SinkArtifactConformance;

class JdbcSinkH2ArtifactIT extends SinkArtifactConformance {

    @Override
    protected JdbcSinkDriver driver() throws Exception {
        return new JdbcSinkDriver(H2Server.start());
    }
}
