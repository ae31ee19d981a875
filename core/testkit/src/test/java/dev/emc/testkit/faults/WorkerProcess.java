package dev.emc.testkit.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.emc.testkit.Await;

/** A {@link FaultyWorker} in its process. */
final class WorkerProcess implements AutoCloseable {

    static final int KILLED = 128 + 9;

    private final Process process;
    private final StringBuffer output = new StringBuffer();
    private final Thread gobbler;

    private WorkerProcess(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        BufferedReader reader = process.inputReader();
        gobbler = new Thread(() -> reader.lines().forEach(line -> output.append(line).append('\n')), "worker's output");
        gobbler.setDaemon(true);
        gobbler.start();
    }

    /** @param arguments of {@link FaultyWorker#main} */
    static WorkerProcess start(List<String> arguments) throws IOException {
        return new WorkerProcess(command(arguments), Map.of());
    }

    /** One for which the disk is full once a file has so many kibibytes, until {@link #makeRoom}. */
    static WorkerProcess startOnFullDisk(int kibibytes, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -S -f " + kibibytes + "; exec \"$@\"", "-"));
        command.addAll(command(arguments));
        return new WorkerProcess(command, Map.of());
    }

    /** One that takes the time of day from a file of libfaketime, such as {@code +1d}. */
    static WorkerProcess startWithClock(Path library, Path clock, List<String> arguments) throws IOException {
        // the steady clock stays as it is, and waiting by it, too, which libfaketime else makes a busy loop
        return new WorkerProcess(command(arguments), Map.of("LD_PRELOAD", library.toString(), "FAKETIME_TIMESTAMP_FILE",
                clock.toString(), "FAKETIME_CACHE_DURATION", "1", "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", "0", "FAKETIME_DISABLE_SHM", "1"));
    }

    private static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx64m",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", Killer.JVM_OPTION, "-cp",
                System.getProperty("java.class.path"), FaultyWorker.class.getName()));
        command.addAll(arguments);
        return command;
    }

    void makeRoom() throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("prlimit", "--pid", Long.toString(process.pid()), "--fsize=unlimited").inheritIO()
                .start().waitFor();
        if (exitCode != 0) {
            throw new IOException("prlimit failed with " + exitCode);
        }
    }

    boolean ended() {
        return !process.isAlive();
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Lets it drain. */
    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** @return its exit code */
    int await() throws InterruptedException {
        if (!process.waitFor(2 * Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the worker's process does not end:\n" + output());
        }
        gobbler.join(Await.DEADLINE.toMillis());
        return process.exitValue();
    }

    String output() {
        return output.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
