package dev.emc.kafka;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

/** The process of a broker that is its own controller; ends when its standard input does. */
public final class KafkaNode {

    private KafkaNode() {}

    /** @param arguments the broker's properties file */
    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(Path.of(arguments[0]))) {
            properties.load(in);
        }
        String folder = properties.getProperty("log.dirs");
        if (!Files.exists(Path.of(folder, "meta.properties"))) {
            new Formatter().setClusterId(Uuid.randomUuid().toString()).setNodeId(1).setUnstableFeatureVersionsEnabled(false)
                    .setControllerListenerName("CONTROLLER").setMetadataLogDirectory(folder).addDirectory(folder)
                    .setPrintStream(new PrintStream(PrintStream.nullOutputStream())).run();
        }
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
        server.startup();
        System.out.println("started");
        while (System.in.read() >= 0) {
            // whoever started it lives
        }
        Runtime.getRuntime().halt(0);
    }
}
