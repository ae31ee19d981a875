package dev.emc.acceptance;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.emc.testkit.EmcProcess;

/** A file source, a mesh that keeps its data on disk, and a file sink, each in a process of its own. */
final class Pipeline implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(60);

    final Path folder;
    final Path input;
    final Path output;
    private final int port;
    private final List<EmcProcess> started = new ArrayList<>();
    EmcProcess mesh;
    EmcProcess source;
    EmcProcess sink;

    /** @param settings further lines of both configuration files, at the top level */
    Pipeline(Path folder, String... settings) throws IOException {
        this.folder = folder;
        this.input = folder.resolve("input.log");
        this.output = folder.resolve("output.log");
        this.port = EmcProcess.freePort();
        String common = String.join("\n", settings) + "\nmesh:\n  address: 127.0.0.1:" + port + "\n  topic: lines\n";
        Files.writeString(folder.resolve("source.yaml"), common + "connector:\n  path: " + input
                + "\n  follow: false\nregistry:\n  path: registry\n  interval: 50ms\n");
        Files.writeString(folder.resolve("sink.yaml"),
                common + "  group: copy\nconnector:\n  path: " + output + "\n  format: data\n");
    }

    /** Writes numbered lines into the input. */
    void writeInput(int lines) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(input)) {
            for (int i = 1; i <= lines; i++) {
                writer.write("line " + i + " of " + lines + ": ümläut 漢字\n");
            }
        }
    }

    void startMesh() throws IOException, InterruptedException {
        mesh = started(EmcProcess.start("mesh", folder, "--port", Integer.toString(port), "--data", "mesh-data"));
        awaitPort();
    }

    private void awaitPort() throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            try {
                new java.net.Socket("127.0.0.1", port).close();
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > deadline || !mesh.alive()) {
                    throw new AssertionError("emc-mesh does not listen; it said:\n" + mesh.output());
                }
                Thread.sleep(20);
            }
        }
    }

    void startSource() throws IOException {
        source = source();
    }

    /** Starts one more source. @param arguments after those that all sources have */
    EmcProcess source(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--config", "source.yaml"));
        all.addAll(List.of(arguments));
        return started(EmcProcess.start("file-source", folder, all.toArray(String[]::new)));
    }

    void startSink(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--config", "sink.yaml"));
        all.addAll(List.of(arguments));
        sink = started(EmcProcess.start("file-sink", folder, all.toArray(String[]::new)));
    }

    private EmcProcess started(EmcProcess process) {
        started.add(process);
        return process;
    }

    /** The lines of a file; the last one only when it is complete. */
    static List<String> lines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** The lines of the input that did not arrive. */
    Set<String> missing() throws IOException {
        Set<String> missing = new TreeSet<>(lines(input));
        lines(output).forEach(missing::remove);
        return missing;
    }

    /** The lines that arrived though they are not in the input: damaged ones. */
    Set<String> foreign() throws IOException {
        Set<String> foreign = new TreeSet<>(lines(output));
        lines(input).forEach(foreign::remove);
        return foreign;
    }

    /** Waits until the output is at least this part of the input's size, from 0 to 1. */
    void awaitProgress(double part) throws IOException, InterruptedException {
        long size = (long) (Files.size(input) * part);
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!Files.exists(output) || Files.size(output) < size) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing moves any more\n" + said());
            }
            Thread.sleep(5);
        }
    }

    /** Waits until the output has every line of the input. */
    void awaitAll(Duration atMost) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        long size = -1;
        while (true) {
            long now = Files.exists(output) ? Files.size(output) : 0;
            if (now != size && missing().isEmpty()) {
                return;
            }
            size = now;
            if (System.nanoTime() > deadline) {
                Set<String> missing = missing();
                throw new AssertionError(missing.size() + " lines are missing, the first of them: "
                        + missing.stream().limit(3).toList() + "\n" + said());
            }
            Thread.sleep(100);
        }
    }

    String said() {
        return Stream.of(mesh, source, sink).filter(process -> process != null).map(EmcProcess::output)
                .collect(Collectors.joining("\n---\n"));
    }

    @Override
    public void close() throws InterruptedException {
        for (EmcProcess process : started) {
            process.close();
        }
    }
}
