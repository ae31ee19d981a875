package dev.emc.jdbc;

import dev.emc.testkit.conformance.SinkConformance;

class JdbcSinkH2ConformanceTest extends SinkConformance<JdbcSinkConfig> {

    @Override
    protected JdbcSinkDriver driver() throws Exception {
        return new JdbcSinkDriver(H2Server.start());
    }
}
