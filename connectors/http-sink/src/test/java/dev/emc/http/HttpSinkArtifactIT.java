package dev.emc.http;

import dev.emc.testkit.conformance.SinkArtifactConformance;

class HttpSinkArtifactIT extends SinkArtifactConformance {

    @Override
    protected HttpSinkDriver driver() throws Exception {
        return new HttpSinkDriver();
    }
}
