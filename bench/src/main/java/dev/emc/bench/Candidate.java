package dev.emc.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to do the job.
 *
 * @param column its column in the table
 * @param source whether it reads a file and publishes; else it subscribes and writes a file
 * @param program class of this module, null for emc
 * @param command what starts emc, null for a program
 */
record Candidate(Column column, boolean source, Class<?> program, List<String> command) {

    /** The table's columns. */
    enum Column {
        RAW("raw SDK client"), ONE("one at a time"), JVM("emc, JVM"), NATIVE("emc, native");

        final String title;

        Column(String title) {
            this.title = title;
        }
    }

    boolean emc() {
        return program == null;
    }

    /** Whether a sink writes a file; else it only says how far it is. */
    boolean writesFile() {
        return program != RawSubscriber.class;
    }

    /**
     * @param meshPort where emc-mesh listens at the loopback address
     * @param httpPort where emc is to serve its health
     * @param file input of a source, output of a sink
     * @param directory for the configuration, the registry and the log
     */
    record Setting(int meshPort, int httpPort, String topic, int events, int bytes, Path file, Path directory) {}

    Child start(Setting setting) throws IOException {
        List<String> line = new ArrayList<>();
        if (emc()) {
            Path config = Files.writeString(setting.directory.resolve("config.yaml"), config(setting));
            line.addAll(command);
            line.addAll(List.of("--config", config.toString()));
        } else {
            line.addAll(List.of(java(), "-cp", System.getProperty("java.class.path"), program.getName(), "127.0.0.1",
                    Integer.toString(setting.meshPort), setting.topic));
            if (program == RawSubscriber.class || program == RawPublisher.class) {
                line.add(Integer.toString(setting.events));
            }
            line.add(program == RawPublisher.class ? Integer.toString(setting.bytes) : setting.file.toString());
        }
        return new Child(line, setting.directory, setting.directory.resolve("log"));
    }

    private String config(Setting setting) {
        return """
                mesh:
                  address: 127.0.0.1:%d
                  topic: %s
                  group: bench
                connector:
                  path: %s
                %s
                registry:
                  path: %s
                http:
                  port: %d
                """.formatted(setting.meshPort, setting.topic, setting.file, source ? "" : "  format: data",
                setting.directory.resolve("registry"), setting.httpPort);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public String toString() {
        return (source ? "source" : "sink") + ", " + column.title;
    }
}
