package dev.emc.core.deployment;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.ConfigProvider;

import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.arc.deployment.SyntheticBeanBuildItem;
import io.quarkus.arc.processor.DotNames;
import io.quarkus.bootstrap.model.ApplicationModel;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.AdditionalIndexedClassesBuildItem;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.GeneratedResourceBuildItem;
import io.quarkus.deployment.builditem.RunTimeConfigBuilderBuildItem;
import io.quarkus.deployment.builditem.RunTimeConfigurationDefaultBuildItem;
import io.quarkus.deployment.builditem.nativeimage.NativeImageResourceBuildItem;
import io.quarkus.deployment.pkg.builditem.CurateOutcomeBuildItem;
import io.quarkus.deployment.pkg.builditem.OutputTargetBuildItem;
import io.quarkus.maven.dependency.ResolvedDependency;

import dev.emc.core.cli.Application;
import dev.emc.core.cli.ConnectorApplication;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.EmcConfigBuilder;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.wiring.ConnectorName;
import dev.emc.core.wiring.Registries;
import dev.emc.core.wiring.SinkWiring;
import dev.emc.core.wiring.SourceWiring;
import dev.emc.core.wiring.WiringRecorder;

/** Picks the application's connector and wires it: everything that other frameworks look up by name at run time. */
class ConnectorProcessor {

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem("emc-core");
    }

    /**
     * The property is read here and is no part of a build-time mapping, because a mapping of the prefix {@code emc} would
     * refuse the keys of the run time.
     */
    @BuildStep
    PickedConnectorBuildItem pick(List<ConnectorBuildItem> candidates) {
        Optional<String> wanted = ConfigProvider.getConfig().getOptionalValue(ConnectorChoice.PROPERTY, String.class);
        return new PickedConnectorBuildItem(ConnectorChoice.pick(wanted, candidates));
    }

    /** Classes outside the index are no beans, no main class and no configuration: the others stay out of the image. */
    @BuildStep
    AdditionalIndexedClassesBuildItem index(PickedConnectorBuildItem picked) {
        return new AdditionalIndexedClassesBuildItem(Application.class.getName(), WorkerConfig.class.getName(),
                picked.connector().configClass().getName());
    }

    @BuildStep
    void wire(PickedConnectorBuildItem picked, BuildProducer<AdditionalBeanBuildItem> beans) {
        ConnectorBuildItem connector = picked.connector();
        beans.produce(AdditionalBeanBuildItem.builder().addBeanClass(connector.connectorClass())
                .setDefaultScope(DotNames.SINGLETON).build());
        beans.produce(AdditionalBeanBuildItem.unremovableOf(ConnectorApplication.class));
        beans.produce(AdditionalBeanBuildItem.unremovableOf(Registries.class));
        beans.produce(AdditionalBeanBuildItem.unremovableOf(switch (connector.role()) {
            case SOURCE -> SourceWiring.class;
            case SINK -> SinkWiring.class;
        }));
    }

    @BuildStep
    @Record(ExecutionTime.STATIC_INIT)
    void name(WiringRecorder recorder, PickedConnectorBuildItem picked, BuildProducer<SyntheticBeanBuildItem> beans) {
        String connector = picked.connector().name();
        beans.produce(SyntheticBeanBuildItem.configure(ConnectorName.class).scope(Singleton.class)
                .supplier(recorder.name(connector)).done());
        beans.produce(SyntheticBeanBuildItem.configure(WorkerMetrics.class).scope(Singleton.class)
                .supplier(recorder.metrics(connector)).done());
    }

    @BuildStep
    RunTimeConfigBuilderBuildItem configuration() {
        return new RunTimeConfigBuilderBuildItem(EmcConfigBuilder.class);
    }

    /** What suits a small process that speaks to people on a terminal. */
    @BuildStep
    void defaults(BuildProducer<RunTimeConfigurationDefaultBuildItem> defaults) {
        Map.of("quarkus.banner.enabled", "false",
                "quarkus.log.category.\"io.quarkus\".level", "WARN",
                "quarkus.log.category.\"org.apache.eventmesh\".level", "WARN",
                "quarkus.log.category.\"io.smallrye.health\".level", "WARN",
                "quarkus.http.host-enabled", "false",
                "quarkus.vertx.caching", "false",
                "quarkus.vertx.classpath-resolving", "false",
                "quarkus.smallrye-health.context-propagation", "false")
                .forEach((key, value) -> defaults.produce(new RunTimeConfigurationDefaultBuildItem(key, value)));
    }

    @BuildStep
    void describe(PickedConnectorBuildItem picked, List<ConnectorBuildItem> candidates, CurateOutcomeBuildItem application,
            OutputTargetBuildItem target,
            BuildProducer<GeneratedResourceBuildItem> resources, BuildProducer<NativeImageResourceBuildItem> nativeResources) {
        DescriptorWriter writer = new DescriptorWriter(Thread.currentThread().getContextClassLoader());
        resources
                .produce(new GeneratedResourceBuildItem(Descriptor.RESOURCE,
                        writer.json(writer.describe(picked.connector(), candidates))));
        ApplicationModel model = application.getApplicationModel();
        String version = "version=" + model.getAppArtifact().getVersion() + "\ncommit="
                + GitCommit.of(target.getOutputDirectory())
                + "\nsdk=" + sdkVersion(model) + "\n";
        resources.produce(
                new GeneratedResourceBuildItem(Descriptor.VERSION_RESOURCE, version.getBytes(StandardCharsets.UTF_8)));
        nativeResources.produce(new NativeImageResourceBuildItem(Descriptor.RESOURCE, Descriptor.VERSION_RESOURCE));
    }

    private static String sdkVersion(ApplicationModel model) {
        return model.getDependencies().stream().filter(dependency -> dependency.getArtifactId().equals("eventmesh-sdk-java"))
                .map(ResolvedDependency::getVersion).findFirst().orElse("unknown");
    }
}
