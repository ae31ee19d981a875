package dev.emc.testkit.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.emc.testkit.Await;

/** A {@link FaultyWorker} in its process. */
final class WorkerProcess implements AutoCloseable {

    static final int KILLED = 128 + 9;

    private final Process process;
    private final Path log;

    /** @param point null: it doesn't die by itself */
    WorkerProcess(boolean source, String mesh, Path folder, int records, KillPoint point, int pass, boolean strict)
            throws IOException {
        log = folder.resolve("log");
        process = new ProcessBuilder(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx64m",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", Killer.JVM_OPTION, "-cp",
                System.getProperty("java.class.path"), FaultyWorker.class.getName(), source ? "source" : "sink", mesh,
                folder.toString(), Integer.toString(records), point == null ? "-" : point.name(), Integer.toString(pass),
                strict ? "strict" : "relaxed")).redirectErrorStream(true).redirectOutput(log.toFile()).start();
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
        return process.exitValue();
    }

    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
