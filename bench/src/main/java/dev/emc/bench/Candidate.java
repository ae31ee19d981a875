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
 * @param command what starts it; a program on the SDK's client gets its arguments behind that
 */
record Candidate(Column column, boolean source, List<String> command) {

    /** The table's columns. */
    enum Column {
        RAW("raw SDK client"), ONE("one at a time"), PEER_JVM("nothing else, JVM"), JVM("emc, JVM"), PEER_NATIVE(
                "nothing else, native"), NATIVE("emc, native");

        final String title;

        Column(String title) {
            this.title = title;
        }
    }

    boolean emc() {
        return column == Column.JVM || column == Column.NATIVE;
    }

    /** Whether it gets few events because it is so slow. */
    boolean slow() {
        return column == Column.RAW || column == Column.ONE;
    }

    /** Whether it handles the lines of a file; else it makes its events up, or only says how many it has received. */
    boolean hasFile() {
        return emc() || column == Column.ONE;
    }

    /**
     * @param meshPort where emc-mesh listens at the loopback address
     * @param httpPort where emc is to serve its health
     * @param file input of a source, output of a sink
     * @param directory for the configuration, the registry and the log
     */
    record Setting(int meshPort, int httpPort, String topic, int events, int bytes, Path file, Path directory) {}

    Child start(Setting setting) throws IOException {
        List<String> line = new ArrayList<>(command);
        switch (column) {
            case JVM, NATIVE -> line.addAll(List.of("--config",
                    Files.writeString(setting.directory.resolve("config.yaml"), config(setting)).toString()));
            case PEER_JVM, PEER_NATIVE -> {
                line.add(source ? "publish" : "receive");
                line.addAll(topic(setting));
                line.addAll(List.of(Integer.toString(setting.events), Integer.toString(setting.bytes),
                        Integer.toString(Bench.WINDOW)));
            }
            case RAW -> {
                line.addAll(topic(setting));
                line.addAll(List.of(Integer.toString(setting.events), Integer.toString(setting.bytes)));
            }
            case ONE -> {
                line.addAll(topic(setting));
                line.add(setting.file.toString());
            }
        }
        return new Child(line, setting.directory, setting.directory.resolve("log"));
    }

    private static List<String> topic(Setting setting) {
        return List.of("127.0.0.1", Integer.toString(setting.meshPort), setting.topic);
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

    /** The command line of a program of the benchmark on the JVM. */
    static List<String> program(String name) {
        return List.of(java(), "-cp", System.getProperty("java.class.path"), "dev.emc.bench." + name);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public String toString() {
        return (source ? "source" : "sink") + ", " + column.title;
    }
}
