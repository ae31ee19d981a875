package dev.emc.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether memory stays flat while very many small records go through the file sink: {@code bench/memory} starts it. Prints a
 * line for each twentieth of the records.
 */
public final class Memory {

    private static final double MIB = 1 << 20;
    private static final String TOPIC = "memory";
    /** Published at a time; the mesh keeps what the sink has not taken yet. */
    private static final int PORTION = 100_000;
    private static final int BYTES = 100;
    private static final int LINES = 20;

    private final long records;
    private final Path work;

    private Memory(long records, Path work) {
        this.records = records;
        this.work = work;
    }

    /** @param args records; a new folder for everything that is written; command line of emc-mesh; command line of the sink */
    public static void main(String[] args) throws Exception {
        Path work = Files.createDirectories(Path.of(args[1]).toAbsolutePath());
        new Memory(Long.parseLong(args[0]), work).run(List.of(args[2].split(" ")), List.of(args[3].split(" ")));
    }

    private void run(List<String> meshCommand, List<String> sinkCommand) throws Exception {
        int port = Ports.free();
        int http = Ports.free();
        Path config = Files.writeString(work.resolve("sink.yaml"), """
                mesh:
                  address: 127.0.0.1:%d
                  topic: %s
                connector:
                  path: %s
                  format: data
                  fsync: none
                  rotate:
                    size: 64M
                    keep: 1
                http:
                  port: %d
                """.formatted(port, TOPIC, work.resolve("out.txt"), http));
        try (Child mesh = new Child(with(meshCommand, "--port", Integer.toString(port)), work, work.resolve("mesh.log"));
                BareClient publisher = new BareClient("127.0.0.1", port)) {
            while (!Ports.listens(port)) {
                mesh.check();
                Thread.sleep(50);
            }
            Thread filler = new Thread(() -> fill(publisher), "publisher");
            filler.setDaemon(true);
            filler.start();
            try (Child sink = new Child(with(sinkCommand, "--config", config.toString()), work, work.resolve("sink.log"))) {
                watch(sink, mesh, http);
            }
        }
    }

    private void fill(BareClient publisher) {
        try {
            for (long done = 0; done < records; done += PORTION) {
                publisher.publish(TOPIC, PORTION, BYTES, 256);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void watch(Child sink, Child mesh, int http) throws Exception {
        System.out.printf("%12s %8s %12s %14s %14s%n", "delivered", "seconds", "records/s", "sink MiB", "mesh MiB");
        long begin = System.nanoTime();
        long next = records / LINES;
        for (long delivered = 0; delivered < records; delivered = Math.max(delivered, Ports.delivered(http))) {
            sink.check();
            mesh.check();
            if (delivered >= next) {
                double seconds = (System.nanoTime() - begin) / 1e9;
                System.out.printf("%,12d %8.0f %,12.0f %14.1f %14.1f%n", delivered, seconds, delivered / seconds,
                        sink.resident() / MIB, mesh.resident() / MIB);
                next += records / LINES;
            }
            Thread.sleep(100);
        }
        System.out.printf("%,d delivered in %.0f s; most that was ever resident: sink %.1f MiB, mesh %.1f MiB%n", records,
                (System.nanoTime() - begin) / 1e9, sink.peak() / MIB, mesh.peak() / MIB);
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }
}
