package dev.emc.http;

import dev.emc.testkit.conformance.SinkConformance;

class HttpSinkConformanceTest extends SinkConformance<HttpSinkConfig> {

    @Override
    protected HttpSinkDriver driver() throws Exception {
        return new HttpSinkDriver();
    }
}
