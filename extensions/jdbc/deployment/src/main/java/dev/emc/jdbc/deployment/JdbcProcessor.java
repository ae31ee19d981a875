package dev.emc.jdbc.deployment;

import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ServiceProviderBuildItem;

import dev.emc.core.deployment.ConnectorBuildItem;
import dev.emc.jdbc.JdbcSink;
import dev.emc.jdbc.JdbcSinkConfig;
import dev.emc.jdbc.PostgresTls;

/** Offers the JDBC sink. */
class JdbcProcessor {

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem("emc-jdbc");
    }

    @BuildStep
    void connectors(BuildProducer<ConnectorBuildItem> connectors) {
        connectors.produce(new ConnectorBuildItem("jdbc", ConnectorBuildItem.Role.SINK, JdbcSink.class, JdbcSinkConfig.class,
                "Writes the events of EventMesh topics into tables of PostgreSQL, MariaDB, MySQL or H2."));
    }

    /** PostgreSQL's driver makes its socket factory by name. */
    @BuildStep
    ReflectiveClassBuildItem sockets() {
        return ReflectiveClassBuildItem.builder(PostgresTls.class).constructors().build();
    }

    /** MariaDB's driver finds its parts by these. */
    @BuildStep
    void services(BuildProducer<ServiceProviderBuildItem> services) {
        for (String service : new String[]{"AuthenticationPluginFactory", "TlsSocketPlugin", "Codec", "CredentialPlugin"}) {
            services.produce(ServiceProviderBuildItem.allProvidersFromClassPath("org.mariadb.jdbc.plugin." + service));
        }
    }
}
