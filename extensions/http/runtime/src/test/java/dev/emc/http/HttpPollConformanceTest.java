package dev.emc.http;

import dev.emc.testkit.conformance.SourceConformance;

/** The HTTP source that asks for what is new. */
class HttpPollConformanceTest extends SourceConformance<HttpSourceConfig> {

    @Override
    protected HttpPollDriver driver() throws Exception {
        return new HttpPollDriver();
    }
}
