package dev.emc.core.deployment;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

import io.quarkus.builder.Version;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.BytecodeTransformerBuildItem;
import io.quarkus.deployment.builditem.LaunchModeBuildItem;
import io.quarkus.deployment.pkg.builditem.CurateOutcomeBuildItem;
import io.quarkus.maven.dependency.ResolvedDependency;
import io.quarkus.runtime.LaunchMode;

/**
 * Takes out of the start what Quarkus' extensions do there and no worker needs: Vert.x, which the health extension brings with
 * it though {@link dev.emc.core.observe.HttpServer} serves the checks, and the search for an {@code application.yaml} by the YAML
 * extension, whose parser reads the file that the user names. Native, this halves the time to start, takes a sixth off the
 * executable, and spares a writable {@code /tmp}. Where it doesn't apply the application is larger and works the same.
 */
class VertxProcessor {

    private static final Logger LOG = Logger.getLogger(VertxProcessor.class);

    /** The build property that says whether Vert.x starts; when not set, only if an extension is there that may need it. */
    private static final String PROPERTY = "emc.vertx";

    /** The classes below are Quarkus' own affair: with another version they stay as they are. */
    static final String QUARKUS = "3.27.";

    /** Extensions that work without a running Vert.x. Any other may need it. */
    private static final Set<String> CONTENT_WITHOUT = Set.of("quarkus-arc", "quarkus-config-yaml", "quarkus-core",
            "quarkus-credentials", "quarkus-jackson", "quarkus-jdbc-h2", "quarkus-jdbc-postgresql", "quarkus-jsonp",
            "quarkus-kafka-client",
            "quarkus-mutiny", "quarkus-netty",
            "quarkus-security-runtime-spi", "quarkus-smallrye-context-propagation", "quarkus-smallrye-health",
            "quarkus-tls-registry", "quarkus-vertx", "quarkus-vertx-http", "quarkus-vertx-latebound-mdc-provider",
            "quarkus-virtual-threads");

    /** What has to stay so that Vert.x can be started later: this only tells how. */
    private static final String CORE = "io.quarkus.vertx.core.runtime.VertxCoreRecorder";
    private static final Set<String> FOR_LATER = Set.of("configureVertx", "configureQuarkusLoggerFactory");

    /** The methods that do nothing any more; what they would hand on to each other is null, and lists are empty. */
    private static final Map<String, Set<String>> EMPTIED = Map.of(
            CORE,
            Set.of("configureVertx", "calculateEventLoopThreads", "bossSupplier", "mainSupplier", "createThreadFactory",
                    "executionContextHandler", "getIgnoredArcContextKeysSupplier", "configureQuarkusLoggerFactory"),
            "io.quarkus.vertx.http.runtime.VertxHttpRecorder",
            Set.of("initializeRouter", "createMutinyRouter", "startServer", "mountFrameworkRouter", "finalizeRouter",
                    "addRoute", "createBodyHandler"),
            "io.quarkus.vertx.http.runtime.cors.CORSRecorder", Set.of("corsHandler"),
            "io.quarkus.vertx.runtime.VertxEventBusConsumerRecorder",
            Set.of("configureVertx", "forceStart", "currentContextFactory"),
            "io.quarkus.tls.runtime.CertificateRecorder", Set.of("validateCertificates"),
            "io.quarkus.virtual.threads.VirtualThreadsRecorder", Set.of("setupVirtualThreads"),
            "io.smallrye.config.source.yaml.YamlConfigSourceLoader$InClassPath", Set.of("getConfigSources"),
            "io.smallrye.config.source.yaml.YamlConfigSourceLoader$InFileSystem", Set.of("getConfigSources"));

    @BuildStep
    void leaveOut(LaunchModeBuildItem mode, CurateOutcomeBuildItem application, List<VertxOnDemandBuildItem> onDemand,
            BuildProducer<BytecodeTransformerBuildItem> transformers) {
        Set<String> extensions = extensions(application.getApplicationModel().getDependencies());
        onDemand.forEach(item -> extensions.remove(item.extension()));
        boolean needed = ConfigProvider.getConfig().getOptionalValue(PROPERTY, Boolean.class)
                .orElseGet(() -> isNeeded(Version.getVersion(), extensions));
        if (needed || mode.getLaunchMode() == LaunchMode.DEVELOPMENT) {
            return;
        }
        emptied(onDemand).forEach((name, methods) -> transformers.produce(new BytecodeTransformerBuildItem.Builder()
                .setClassToTransform(name).setCacheable(true)
                .setVisitorFunction((className, next) -> new EmptyMethods(next, methods)).build()));
    }

    static Map<String, Set<String>> emptied(List<VertxOnDemandBuildItem> onDemand) {
        Map<String, Set<String>> emptied = new TreeMap<>(EMPTIED);
        for (VertxOnDemandBuildItem item : onDemand) {
            emptied.putAll(item.emptied());
        }
        if (!onDemand.isEmpty()) {
            Set<String> core = new TreeSet<>(emptied.get(CORE));
            core.removeAll(FOR_LATER);
            emptied.put(CORE, core);
        }
        return emptied;
    }

    private static Set<String> extensions(Iterable<ResolvedDependency> dependencies) {
        Set<String> extensions = new TreeSet<>();
        for (ResolvedDependency dependency : dependencies) {
            if (dependency.isRuntimeExtensionArtifact() && !dependency.getGroupId().equals("dev.emc")) {
                extensions.add(dependency.getArtifactId());
            }
        }
        return extensions;
    }

    /** The extensions of an application that aren't known to do without what Quarkus starts for all. */
    static Set<String> unknown(Iterable<ResolvedDependency> dependencies) {
        Set<String> extensions = extensions(dependencies);
        extensions.removeAll(CONTENT_WITHOUT);
        return extensions;
    }

    static boolean isNeeded(String quarkusVersion, Set<String> extensions) {
        if (!quarkusVersion.startsWith(QUARKUS)) {
            LOG.infof("Vert.x starts with the application: how to leave it out of Quarkus %s isn't known", quarkusVersion);
            return true;
        }
        List<String> needing = extensions.stream().filter(Predicate.not(CONTENT_WITHOUT::contains))
                .collect(Collectors.toList());
        if (!needing.isEmpty()) {
            LOG.infof("Vert.x starts with the application: %s may need it", String.join(", ", needing));
        }
        return !needing.isEmpty();
    }
}
