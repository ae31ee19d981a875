package dev.emc.jdbc.deployment;

import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.ExtensionSslNativeSupportBuildItem;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.nativeimage.NativeImageResourceBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassBuildItem;
import io.quarkus.deployment.builditem.nativeimage.RuntimeInitializedClassBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ServiceProviderBuildItem;

import dev.emc.core.deployment.ConnectorBuildItem;
import dev.emc.jdbc.JdbcSink;
import dev.emc.jdbc.JdbcSinkConfig;
import dev.emc.jdbc.JdbcSource;
import dev.emc.jdbc.JdbcSourceConfig;
import dev.emc.jdbc.PostgresTls;

/** Offers the JDBC source and sink. */
class JdbcProcessor {

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem("emc-jdbc");
    }

    @BuildStep
    void connectors(BuildProducer<ConnectorBuildItem> connectors) {
        connectors.produce(new ConnectorBuildItem("jdbc", ConnectorBuildItem.Role.SINK, JdbcSink.class, JdbcSinkConfig.class,
                "Writes the events of EventMesh topics into tables of PostgreSQL, MariaDB, MySQL or H2."));
        connectors.produce(new ConnectorBuildItem("jdbc", ConnectorBuildItem.Role.SOURCE, JdbcSource.class,
                JdbcSourceConfig.class, "Reads new and changed rows of tables of PostgreSQL, MariaDB, MySQL or H2."));
    }

    /** PostgreSQL's driver makes its socket factory by name. */
    @BuildStep
    ReflectiveClassBuildItem socketFactory() {
        return ReflectiveClassBuildItem.builder(PostgresTls.class).constructors().build();
    }

    /** MariaDB's driver finds its parts by these. */
    @BuildStep
    void services(BuildProducer<ServiceProviderBuildItem> services) {
        for (String service : new String[]{"AuthenticationPluginFactory", "TlsSocketPlugin", "Codec"}) {
            services.produce(ServiceProviderBuildItem.allProvidersFromClassPath("org.mariadb.jdbc.plugin." + service));
        }
        // all but the one that needs the SDK of AWS, which is not there
        services.produce(new ServiceProviderBuildItem("org.mariadb.jdbc.plugin.CredentialPlugin",
                "org.mariadb.jdbc.plugin.credential.env.EnvCredentialPlugin",
                "org.mariadb.jdbc.plugin.credential.system.PropertiesCredentialPlugin"));
    }

    /** MariaDB's driver reads its settings into these by the names of their fields. */
    @BuildStep
    ReflectiveClassBuildItem settings() {
        return ReflectiveClassBuildItem
                .builder("org.mariadb.jdbc.Configuration", "org.mariadb.jdbc.Configuration$Builder").fields().methods().build();
    }

    /** MariaDB's driver reads its version here. */
    @BuildStep
    NativeImageResourceBuildItem resources() {
        return new NativeImageResourceBuildItem("mariadb.properties", "driver.properties", "deprecated.properties");
    }

    /**
     * They need JNA, which is not there, when they are initialised; nothing uses them. No class may be named here that can't even
     * be loaded: Quarkus would then leave out the classes after it.
     */
    @BuildStep
    void sockets(BuildProducer<RuntimeInitializedClassBuildItem> later) {
        for (String socket : new String[]{"UnixDomainSocket", "NamedPipeSocket"}) {
            later.produce(new RuntimeInitializedClassBuildItem("org.mariadb.jdbc.client.socket.impl." + socket));
        }
    }

    @BuildStep
    ExtensionSslNativeSupportBuildItem tls() {
        return new ExtensionSslNativeSupportBuildItem("emc-jdbc");
    }
}
