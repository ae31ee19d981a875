package dev.emc.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.emc.meshserver.MeshApplication;

/** An emc-mesh in a process of its own, run from the test's class path, so that it can be killed. */
public final class MeshProcess implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("Listening at [^ ]*:(\\d+),.*");

    private final Process process;
    private final int port;

    private MeshProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one and waits until it listens. What it prints later goes to the test's output.
     *
     * @param options of emc-mesh; without {@code --port} it takes a free one
     */
    public static MeshProcess start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx256m",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), MeshApplication.class.getName()));
        List<String> arguments = List.of(options);
        command.addAll(arguments);
        if (!arguments.contains("--port")) {
            command.addAll(List.of("--port", "0"));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output = process.inputReader();
        List<String> lines = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            Matcher listening = LISTENING.matcher(line);
            if (listening.matches()) {
                Thread reader = new Thread(() -> output.lines().forEach(System.out::println), "emc-mesh output");
                reader.setDaemon(true);
                reader.start();
                return new MeshProcess(process, Integer.parseInt(listening.group(1)));
            }
        }
        throw new IOException("emc-mesh did not start: " + lines);
    }

    public int port() {
        return port;
    }

    /** {@code host:port}, as in a worker's {@code mesh.address}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Its process, for example to pause it. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Kills it (SIGKILL) and waits until it is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Tells it to end (SIGTERM). @return its exit code */
    public int stop() {
        process.destroy();
        return process.onExit().join().exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
