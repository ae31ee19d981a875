package dev.emc.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A packaged artifact of emc in a process of its own, as a user runs it: {@code emc-file-sink}, {@code emc-mesh}, … The
 * jar, or the native executable when the system property {@code emc.artifacts} is {@code native}.
 */
public final class EmcProcess implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final Process process;
    private final Path log;

    private EmcProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts an artifact with all its output going to a log file.
     *
     * @param name {@code file-sink}, {@code file-source}, {@code mesh}, …
     * @param folder its working directory
     */
    public static EmcProcess start(String name, Path folder, String... arguments) throws IOException {
        return start(name, folder, Map.of(), arguments);
    }

    /** As {@link #start(String, Path, String...)}, with further environment variables. */
    public static EmcProcess start(String name, Path folder, Map<String, String> variables, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(command(name));
        command.addAll(List.of(arguments));
        Path log = folder.resolve(name + "-" + COUNT.incrementAndGet() + ".log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        return new EmcProcess(name, process, log);
    }

    /** The command line that runs an artifact, without arguments. */
    public static List<String> command(String name) {
        Path root = root();
        Path file;
        List<String> command;
        if ("native".equals(System.getProperty("emc.artifacts"))) {
            file = root.resolve("native-images/bin/emc-" + name);
            command = List.of(file.toString());
        } else {
            file = root.resolve(name.equals("mesh") ? "core/mesh-server" : "connectors/" + name)
                    .resolve("target/quarkus-app/quarkus-run.jar");
            command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                    "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", file.toString());
        }
        if (!Files.exists(file)) {
            throw new IllegalStateException(file + " is not there: build it first");
        }
        return command;
    }

    /** The root of the checkout that this runs in. */
    public static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not in a checkout of emc");
    }

    /**
     * A port of the loopback interface that nobody listens on now. It lies below those that the system gives to clients, so
     * that none of them gets it while a server of a test is down.
     */
    public static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // another one then
            }
        }
    }

    public boolean alive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM; returns the exit code. */
    public int terminate(Duration atMost) throws InterruptedException {
        process.destroy();
        return awaitExit(atMost);
    }

    /**
     * Waits for the process to end by itself; returns the exit code.
     *
     * @throws AssertionError when it doesn't in time
     */
    public int awaitExit(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(name + " did not end within " + atMost + "; it said:\n" + output());
        }
        return process.exitValue();
    }

    /** Waits until the output has this text. */
    public void awaitOutput(String text, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!output().contains(text)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError(name + " did not print '" + text + "'; it said:\n" + output());
            }
            Thread.sleep(20);
        }
    }

    /** Everything that it has printed. */
    public String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(its log can't be read: " + e.getMessage() + ")";
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            kill();
        }
    }
}
