package dev.emc.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A process under measurement, and what Linux says about it. */
final class Child implements AutoCloseable {

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        // whoever interrupts the benchmark leaves none behind
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    /** When it was started, in the time of {@link System#nanoTime()}. */
    final long started;
    private final Process process;
    private final Path log;
    private final Map<String, Long> marks = new ConcurrentHashMap<>();

    /** @param log what it prints, except for the marks of {@link Marks}; appended */
    Child(List<String> command, Path directory, Path log) throws IOException {
        this.log = log;
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        started = System.nanoTime();
        process = builder.start();
        RUNNING.add(process);
        Thread reader = new Thread(this::read, "output of " + command.get(0));
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                var file = Files.newBufferedWriter(log, StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                marks.putIfAbsent(line, System.nanoTime());
                file.write(line + "\n");
                file.flush();
            }
        } catch (IOException e) {
            // the process was killed
        }
    }

    /** When it printed this line for the first time, in the time of {@link System#nanoTime()}; null before that. */
    Long mark(String line) {
        return marks.get(line);
    }

    /** @throws IllegalStateException with the end of its log when it has ended */
    void check() throws IOException {
        if (!process.isAlive()) {
            List<String> lines = Files.readAllLines(log);
            throw new IllegalStateException("It ended by itself with exit code " + process.exitValue() + ": "
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
        }
    }

    boolean ended() {
        return !process.isAlive();
    }

    /** Whether it has ended by itself with exit code 0. */
    boolean endedWell() {
        return !process.isAlive() && process.exitValue() == 0;
    }

    long pid() {
        return process.pid();
    }

    /** Processor time so far, user and system, in microseconds. */
    double cpuMicros() throws IOException {
        String stat = Files.readString(proc("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        // clock ticks of 10 ms
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000.0;
    }

    /** Resident memory in bytes. */
    long resident() throws IOException {
        return status("VmRSS:");
    }

    /** Most memory that was ever resident, in bytes. */
    long peak() throws IOException {
        return status("VmHWM:");
    }

    private long status(String key) throws IOException {
        for (String line : Files.readAllLines(proc("status"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("No " + key + " in " + proc("status"));
    }

    /** Bytes that it has read, from sockets too. */
    long bytesRead() throws IOException {
        String io = Files.readString(proc("io"));
        return Long.parseLong(io.substring(io.indexOf(' ') + 1, io.indexOf('\n')));
    }

    private Path proc(String name) {
        return Path.of("/proc", Long.toString(process.pid()), name);
    }

    /** Asks it to stop, and kills it after 30 s. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        RUNNING.remove(process);
    }
}
