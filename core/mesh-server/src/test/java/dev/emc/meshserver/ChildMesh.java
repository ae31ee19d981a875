package dev.emc.meshserver;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program emc-mesh in a JVM of its own. */
final class ChildMesh implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("Listening at [^ ]*:(\\d+),.*");

    /** What it has printed until it listened, or until its end. */
    final List<String> output = new ArrayList<>();
    private final Process process;
    private int port;

    ChildMesh(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(), "-Xmx128m",
                "-XX:TieredStopAtLevel=1", "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        if (Runtime.version().feature() >= 24) {
            // else the JVM itself complains of Netty on standard error
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MeshApplication.class.getName()));
        command.addAll(List.of(options));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader reader = process.inputReader();
        for (String line = reader.readLine(); line != null && port == 0; line = port == 0 ? reader.readLine() : null) {
            output.add(line);
            Matcher listening = LISTENING.matcher(line);
            if (listening.matches()) {
                port = Integer.parseInt(listening.group(1));
            }
        }
    }

    int port() {
        return port;
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void terminate() {
        process.destroy();
    }

    int exitCode() {
        return process.onExit().join().exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
