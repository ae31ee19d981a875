package dev.emc.core.deployment;

import java.util.Set;

import io.quarkus.arc.deployment.ExcludedTypeBuildItem;
import io.quarkus.builder.Version;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.pkg.builditem.CurateOutcomeBuildItem;

/**
 * Leaves out the object mapper that Quarkus offers to everybody, which brings all of Jackson's data binding into an executable: a
 * megabyte. Who wants one makes it; it is there when an extension may want it.
 */
class JacksonProcessor {

    /** Works without the mapper, besides those that work without Vert.x. */
    private static final Set<String> CONTENT_WITHOUT = Set.of("quarkus-redis-client");

    @BuildStep
    void noObjectMapper(CurateOutcomeBuildItem application, BuildProducer<ExcludedTypeBuildItem> excluded) {
        Set<String> extensions = VertxProcessor.unknown(application.getApplicationModel().getDependencies());
        extensions.removeAll(CONTENT_WITHOUT);
        if (extensions.isEmpty() && Version.getVersion().startsWith(VertxProcessor.QUARKUS)) {
            excluded.produce(new ExcludedTypeBuildItem("io.quarkus.jackson.**"));
        }
    }
}
