package dev.emc.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import dev.emc.bench.Candidate.Setting;

/** Measures emc beside programs on the SDK's ready-made client, in turns against one emc-mesh. {@code bench/run} starts it. */
public final class Bench {

    /** Events under way of a publisher, as emc's default. */
    static final int WINDOW = 256;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** A source that has sent enough and then nothing for that long is at the end of its file; a slow fsync is shorter. */
    private static final long STILL = 3_000_000_000L;
    private static final long POLL_NANOS = 500_000;
    private static final double MIB = 1 << 20;

    private final Options options;
    private final Results results = new Results();
    private int runs;

    Bench(Options options) {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.parse(args);
        Bench bench = new Bench(options);
        Machine machine = Machine.look(options.work());
        bench.run();
        String report = bench.results.table() + "\n" + bench.results.ratios() + "\n" + bench.results.peers() + "\n"
                + bench.results.notes(options)
                + machine.describe();
        System.out.println("\n" + report);
        if (options.out() != null) {
            Files.writeString(options.out(), report);
        }
    }

    void run() throws Exception {
        Folders.empty(options.work());
        Path lines = options.work().resolve("lines.txt");
        Path few = options.work().resolve("few-lines.txt");
        Lines.write(lines, options.events(), options.bytes());
        Lines.write(few, options.slowEvents(), options.bytes());
        // else the kernel writes it out in the middle of a measurement
        new ProcessBuilder("sync").start().waitFor();

        int port = Ports.free();
        List<String> command = new ArrayList<>(options.mesh());
        command.addAll(List.of("--port", Integer.toString(port)));
        if (options.meshData()) {
            command.addAll(List.of("--data", options.work().resolve("mesh-data").toString()));
        }
        try (Child mesh = new Child(command, options.work(), options.work().resolve("mesh.log"));
                BareClient bare = new BareClient("127.0.0.1", port)) {
            await("emc-mesh", mesh, () -> Ports.listens(port));
            // the client and the mesh warm up before anything is measured
            for (int i = 0; i < (options.quick() ? 1 : 3); i++) {
                bare.publish("warm-up-" + i, options.events(), options.bytes(), WINDOW);
                bare.drain("warm-up-" + i, "bench", options.events(), 500, i % 2 == 0);
            }
            for (int round = 1; round <= options.rounds(); round++) {
                peers(round, bare);
                for (Candidate candidate : options.candidates()) {
                    say("round %d of %d: %s", round, options.rounds(), candidate);
                    try {
                        Machine.awaitQuiet(options.quiet());
                        idle(candidate, mesh, port);
                        Machine.awaitQuiet(options.quiet());
                        if (candidate.source()) {
                            source(candidate, mesh, port, bare, candidate.slow() ? few : lines);
                        } else {
                            sink(candidate, mesh, port, bare);
                        }
                    } catch (IllegalStateException e) {
                        say("  FAILED: %s", e.getMessage());
                        results.failed(candidate, e.getMessage());
                    }
                }
            }
        }
    }

    /** What a publisher and a subscriber reach that do nothing else. */
    private void peers(int round, BareClient bare) throws Exception {
        say("round %d of %d: a client that does nothing else", round, options.rounds());
        Machine.awaitQuiet(options.quiet());
        for (boolean decode : new boolean[]{true, false}) {
            String topic = "peer-" + round + "-" + decode;
            results.peer(Peer.PUBLISHES, bare.publish(topic, options.events(), options.bytes(), WINDOW));
            BareClient.Drained drained = bare.drain(topic, "bench", options.events(), 3000, decode);
            if (drained.distinct() < options.events()) {
                throw new IllegalStateException(drained.distinct() + " of " + options.events() + " events arrived");
            }
            results.peer(decode ? Peer.DECODES : Peer.RECEIVES, drained.rate());
        }
    }

    /** How long a start takes, and the memory of a process that has nothing to do. */
    private void idle(Candidate candidate, Child mesh, int port) throws Exception {
        Path directory = directory();
        Path file = directory.resolve("lines");
        if (candidate.source()) {
            Files.createFile(file);
        }
        Setting setting = new Setting(port, Ports.free(), topic(), 0, options.bytes(), file, directory);
        try (Child child = candidate.start(setting)) {
            await(candidate.toString(), child,
                    () -> candidate.emc()
                            ? Ports.answers(setting.httpPort(), "/q/health/ready", "")
                            : child.mark("ready") != null);
            long ready = candidate.emc() ? System.nanoTime() : child.mark("ready");
            results.add(candidate, Measure.READY, (ready - child.started) / 1e6);
            Thread.sleep(2000);
            results.add(candidate, Measure.IDLE_MEMORY, child.resident() / MIB);
        }
    }

    private void sink(Candidate candidate, Child mesh, int port, BareClient bare) throws Exception {
        int events = candidate.slow() ? options.slowEvents() : options.events();
        Path directory = directory();
        Setting setting = new Setting(port, Ports.free(), topic(), events, options.bytes(), directory.resolve("lines"),
                directory);
        bare.publish(setting.topic(), events, options.bytes(), WINDOW);
        double meshBefore = mesh.cpuMicros();
        boolean complete;
        try (Child child = candidate.start(setting); GrowingFile output = new GrowingFile(setting.file())) {
            Progress progress = new Progress();
            double cpuBefore = 0;
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (progress.count < events) {
                if (progress.count == 0) {
                    cpuBefore = child.cpuMicros();
                }
                if (candidate.hasFile()) {
                    progress.at(System.nanoTime(), output.poll().distinct());
                } else {
                    progress.at(child, events);
                }
                child.check();
                if (System.nanoTime() > deadline) {
                    String reached = progress.count + " of " + events + " events after " + PATIENCE.toSeconds() + " s";
                    if (!candidate.slow() || progress.count < events / 10) {
                        throw new IllegalStateException(reached);
                    }
                    results.remark(candidate, "given up at " + reached + ", measured up to there");
                    break;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
            measured(candidate, child, cpuBefore, mesh, meshBefore, progress);
            complete = progress.count == events;
            if (candidate.hasFile() && (output.poll().duplicates() > 0 || output.poll().strange() > 0)) {
                results.remark(candidate, output.poll().duplicates() + " lines twice, " + output.poll().strange() + " damaged");
            }
        }
        BareClient.Drained left = bare.drain(setting.topic(), "bench", 0, 300, false);
        if (complete && left.distinct() > 0) {
            results.remark(candidate, left.distinct() + " events done but not acknowledged at the end");
        }
        Files.deleteIfExists(setting.file());
    }

    /** The mesh's own count: what it reads from its sockets tells the pace, and the topic is counted afterwards. */
    private void source(Candidate candidate, Child mesh, int port, BareClient bare, Path lines) throws Exception {
        int events = candidate.slow() ? options.slowEvents() : options.events();
        Path directory = directory();
        Setting setting = new Setting(port, Ports.free(), topic(), events, options.bytes(), lines, directory);
        double meshBefore = mesh.cpuMicros();
        long bytesBefore = mesh.bytesRead();
        try (Child child = candidate.start(setting)) {
            List<long[]> pace = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            double cpuBefore = 0;
            long last = 0;
            long lastChange = System.nanoTime();
            while (last < (long) events * options.bytes() || System.nanoTime() - lastChange < STILL) {
                long bytes = mesh.bytesRead() - bytesBefore;
                long now = System.nanoTime();
                if (last == 0) {
                    cpuBefore = child.cpuMicros();
                }
                // less than an event is a hello or a heartbeat
                if (bytes - last >= options.bytes()) {
                    pace.add(new long[]{now, bytes});
                    last = bytes;
                    lastChange = now;
                }
                child.check();
                if (now > deadline) {
                    throw new IllegalStateException(last / options.bytes() + " of " + events + " events at most after "
                            + PATIENCE.toSeconds() + " s");
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
            Progress progress = new Progress();
            for (long[] step : pace) {
                progress.at(step[0], step[1] * events / last);
            }
            measured(candidate, child, cpuBefore, mesh, meshBefore, progress);
        }
        BareClient.Drained arrived = bare.drain(setting.topic(), "count", events, 3000, false);
        if (arrived.distinct() < events) {
            throw new IllegalStateException(arrived.distinct() + " of " + events + " events arrived");
        }
        if (arrived.duplicates() > 0 || arrived.strange() > 0) {
            results.remark(candidate, arrived.duplicates() + " events twice, " + arrived.strange() + " damaged");
        }
    }

    private void measured(Candidate candidate, Child child, double cpuBefore, Child mesh, double meshBefore,
            Progress progress) throws Exception {
        double cpu = (child.cpuMicros() - cpuBefore) / progress.count;
        double meshCpu = (mesh.cpuMicros() - meshBefore) / progress.count;
        if (progress.away(0) > 0) {
            results.remark(candidate, "lost its connection, %.0f s of waiting for the next one are not counted"
                    .formatted(progress.away(0) / 1e9));
        }
        Thread.sleep(500);
        double rate = progress.rate(0);
        double steady = progress.rate(progress.count / 2);
        results.add(candidate, Measure.RATE, rate);
        results.add(candidate, Measure.STEADY_RATE, steady);
        results.add(candidate, Measure.FIRST, (progress.first() - child.started) / 1e6);
        results.add(candidate, Measure.CPU, cpu);
        results.add(candidate, Measure.MESH_CPU, meshCpu);
        results.add(candidate, Measure.LOADED_MEMORY, child.resident() / MIB);
        say("  %s events/s, second half %s; %s µs of CPU an event", Samples.number(rate), Samples.number(steady),
                Samples.number(cpu));
    }

    private interface Condition {
        boolean met() throws Exception;
    }

    private static void await(String what, Child child, Condition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.met()) {
            child.check();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(what + " is not ready after 30 s");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private Path directory() throws IOException {
        return Files.createDirectories(options.work().resolve("run-" + ++runs));
    }

    private String topic() {
        return "bench-" + runs;
    }

    private static void say(String format, Object... values) {
        System.err.printf(format + "%n", values);
    }

}
