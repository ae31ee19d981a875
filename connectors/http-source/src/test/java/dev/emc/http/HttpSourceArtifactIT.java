package dev.emc.http;

import dev.emc.testkit.conformance.SourceArtifactConformance;

class HttpSourceArtifactIT extends SourceArtifactConformance {

    @Override
    protected HttpSourceDriver driver() {
        return new HttpSourceDriver();
    }
}
