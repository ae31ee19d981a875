package dev.emc.http;

import dev.emc.testkit.conformance.SourceConformance;

class HttpSourceConformanceTest extends SourceConformance<HttpSourceConfig> {

    @Override
    protected HttpSourceDriver driver() {
        return new HttpSourceDriver();
    }
}
