package dev.emc.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts the lines of a file that another process writes. */
final class GrowingFile implements AutoCloseable {

    private final Path path;
    private final Tally tally = new Tally();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    private final byte[] start = new byte[Lines.DIGITS];
    private FileChannel file;
    private int column;

    GrowingFile(Path path) {
        this.path = path;
    }

    /** Reads what has come since the last call. @return lines so far, as {@link Tally} counts */
    Tally poll() throws IOException {
        if (file == null) {
            if (!Files.exists(path)) {
                return tally;
            }
            file = FileChannel.open(path);
        }
        while (file.read(buffer.clear()) > 0) {
            byte[] bytes = buffer.array();
            for (int i = 0; i < buffer.position(); i++) {
                if (bytes[i] == '\n') {
                    tally.add(column < start.length ? -1 : Lines.number(start, 0));
                    column = 0;
                } else {
                    if (column < start.length) {
                        start[column] = bytes[i];
                    }
                    column++;
                }
            }
        }
        return tally;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
