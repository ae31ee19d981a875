package dev.emc.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** What the numbers depend on besides the programs. */
final class Machine {

    private final String fsync;
    private final String fileSystem;
    private final long[] before;

    private Machine(String fsync, String fileSystem, long[] before) {
        this.fsync = fsync;
        this.fileSystem = fileSystem;
        this.before = before;
    }

    /** @param directory where the measured files will be */
    static Machine look(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("fsync");
        Samples samples = new Samples();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.APPEND)) {
            ByteBuffer block = ByteBuffer.allocate(1024);
            for (int i = 0; i < 500; i++) {
                long start = System.nanoTime();
                channel.write(block.clear());
                channel.force(false);
                if (i >= 100) {
                    samples.add((System.nanoTime() - start) / 1e6);
                }
            }
        }
        Files.delete(file);
        return new Machine(samples.text(), Files.getFileStore(directory).type(), times());
    }

    String describe() throws IOException {
        List<String> cpu = Files.readAllLines(Path.of("/proc/cpuinfo"));
        String model = cpu.stream().filter(line -> line.startsWith("model name")).findFirst().orElse(": unknown");
        String memory = Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\D", "");
        long[] now = times();
        double all = now[0] - before[0];
        double stolen = 100 * (now[2] - before[2]) / all;
        double others = 100 * (now[1] - before[1] - (now[3] - before[3])) / all;
        return """
                %d cores of %s, %.0f GiB, Linux %s, %s; append of 1 KiB and fsync: %s ms; Java %s.
                While it ran, others used %.0f %% of the machine's CPU time and the host took %.0f %%.
                """.formatted(Runtime.getRuntime().availableProcessors(), model.substring(model.indexOf(':') + 2),
                Long.parseLong(memory) / 1048576.0, System.getProperty("os.version"), fileSystem, fsync,
                System.getProperty("java.vm.name") + " " + System.getProperty("java.version"), others, stolen);
    }

    /** Clock ticks: of all cores, of them busy, taken by the host, used by this process and its ended children. */
    private static long[] times() throws IOException {
        String[] cpu = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +");
        long all = 0;
        for (int i = 1; i <= 8; i++) {
            all += Long.parseLong(cpu[i]);
        }
        long stolen = Long.parseLong(cpu[8]);
        long busy = all - stolen - Long.parseLong(cpu[4]) - Long.parseLong(cpu[5]);
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] self = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long own = 0;
        for (int i = 11; i <= 14; i++) {
            own += Long.parseLong(self[i]);
        }
        return new long[]{all, busy, stolen, own};
    }
}
