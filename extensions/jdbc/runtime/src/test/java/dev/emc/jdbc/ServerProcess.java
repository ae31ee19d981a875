package dev.emc.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The process of a database server; ends with the test's JVM at the latest. */
final class ServerProcess {

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final Path log;
    private Process process;

    ServerProcess(Path log) {
        this.log = log;
    }

    void start(List<String> command, Map<String, String> variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(variables);
        process = builder.start();
        process.getOutputStream().close();
        RUNNING.add(process);
    }

    boolean alive() {
        return process.isAlive();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Sends a signal such as {@code QUIT}. */
    void signal(String name) throws IOException, InterruptedException {
        run(List.of("kill", "-" + name, Long.toString(process.pid())), Map.of(), null);
    }

    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the server does not end");
        }
        RUNNING.remove(process);
    }

    /** Runs a program to its end, which has to be good. @param input file for its standard input; null for none */
    static void run(List<String> command, Map<String, String> variables, Path input) throws IOException, InterruptedException {
        Path said = Files.createTempFile("emc-run", ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().putAll(variables);
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        Process process = builder.start();
        if (!process.waitFor(180, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(command + " failed: " + Files.readString(said));
        }
        Files.delete(said);
    }

    /** Makes something once a machine: what several tests make at the same time is there once. @return where it is */
    static Path once(String name, Maker maker) throws IOException, InterruptedException {
        Path all = Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), "emc-databases"));
        Path made = all.resolve(name);
        if (Files.exists(made)) {
            return made;
        }
        Path fresh = Files.createTempDirectory(all, "making-" + name + "-");
        maker.make(fresh);
        try {
            return Files.move(fresh, made);
        } catch (IOException other) {
            if (!Files.exists(made)) {
                throw other;
            }
            delete(fresh);
            return made;
        }
    }

    /** Fills a folder. */
    interface Maker {

        void make(Path folder) throws IOException, InterruptedException;
    }

    static void copy(Path from, Path to) throws IOException, InterruptedException {
        run(List.of("cp", "-a", from + "/.", to.toString()), Map.of(), null);
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
