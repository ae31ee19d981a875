package dev.emc.kafka.deployment;

import java.util.logging.Level;

import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.ExtensionSslNativeSupportBuildItem;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.LogCategoryBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassBuildItem;

import dev.emc.core.deployment.ConnectorBuildItem;
import dev.emc.kafka.KafkaSink;
import dev.emc.kafka.KafkaSinkConfig;
import dev.emc.kafka.KafkaSource;
import dev.emc.kafka.KafkaSourceConfig;
import dev.emc.kafka.KafkaTls;
import dev.emc.kafka.TokenLogin;

/** Offers the Kafka source and the Kafka sink. */
class KafkaProcessor {

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem("emc-kafka");
    }

    @BuildStep
    void connectors(BuildProducer<ConnectorBuildItem> connectors) {
        connectors.produce(new ConnectorBuildItem("kafka", ConnectorBuildItem.Role.SINK, KafkaSink.class, KafkaSinkConfig.class,
                "Writes the events of EventMesh topics to topics of Apache Kafka."));
        connectors.produce(new ConnectorBuildItem("kafka", ConnectorBuildItem.Role.SOURCE, KafkaSource.class,
                KafkaSourceConfig.class, "Sends the records of topics of Apache Kafka to EventMesh."));
    }

    /** Kafka's clients make them by their names. */
    @BuildStep
    ReflectiveClassBuildItem madeByKafka() {
        return ReflectiveClassBuildItem.builder(KafkaTls.class, TokenLogin.class).reason("made by Kafka's clients").build();
    }

    /** Kafka asks token endpoints by Java's URLs, of which native executables have no https unless asked to. */
    @BuildStep
    ExtensionSslNativeSupportBuildItem https() {
        return new ExtensionSslNativeSupportBuildItem("emc-kafka");
    }

    /** A login that gets no token warns with where in the code that was, and so does each renewal; emc says it in a sentence. */
    @BuildStep
    LogCategoryBuildItem quietLogin() {
        return new LogCategoryBuildItem("org.apache.kafka.common.security.oauthbearer", Level.SEVERE);
    }

    /** A producer that tries again warns each time; when that comes to nothing the sink says it. */
    @BuildStep
    LogCategoryBuildItem quietProducer() {
        return new LogCategoryBuildItem("org.apache.kafka.clients.producer.internals.Sender", Level.SEVERE);
    }
}
