package dev.emc.jdbc;

import dev.emc.testkit.conformance.SourceConformance;

class JdbcSourceH2ConformanceTest extends SourceConformance<JdbcSourceConfig> {

    @Override
    protected JdbcSourceDriver driver() throws Exception {
        return JdbcSourceDriver.numbered(H2Server.start());
    }
}
