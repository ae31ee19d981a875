package dev.emc.testkit.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** An outside system that a killed process can't harm: each line is there when {@link #add} returns. */
final class Journal implements AutoCloseable {

    private final FileChannel file;

    Journal(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /**
     * What the operating system has taken outlives the process; no fsync, because no machine dies here.
     *
     * @throws IOException when the disk is full: nothing of the line is there then
     */
    void add(String line) throws IOException {
        long before = file.size();
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            file.truncate(before);
            throw e;
        }
    }

    static List<String> lines(Path path) throws IOException {
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
