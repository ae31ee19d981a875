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
    private final String loadBefore;

    private Machine(String fsync, String fileSystem, String loadBefore) {
        this.fsync = fsync;
        this.fileSystem = fileSystem;
        this.loadBefore = loadBefore;
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
        return new Machine(samples.text(), Files.getFileStore(directory).type(), load());
    }

    String describe() throws IOException {
        List<String> cpu = Files.readAllLines(Path.of("/proc/cpuinfo"));
        String model = cpu.stream().filter(line -> line.startsWith("model name")).findFirst().orElse(": unknown");
        String memory = Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\D", "");
        return """
                %d cores of %s, %.0f GiB, Linux %s, %s; append of 1 KiB and fsync: %s ms; Java %s.
                Load average before %s, after %s (1, 5, 15 minutes; the benchmark itself keeps about 2 busy).
                """.formatted(Runtime.getRuntime().availableProcessors(), model.substring(model.indexOf(':') + 2),
                Long.parseLong(memory) / 1048576.0, System.getProperty("os.version"), fileSystem, fsync,
                System.getProperty("java.vm.name") + " " + System.getProperty("java.version"), loadBefore, load());
    }

    private static String load() throws IOException {
        String[] fields = Files.readString(Path.of("/proc/loadavg")).split(" ");
        return fields[0] + " " + fields[1] + " " + fields[2];
    }
}
