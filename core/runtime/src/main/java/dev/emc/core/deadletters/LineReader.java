package dev.emc.core.deadletters;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads a file line by line, up to a given length, and only lines that are complete. One thread. */
final class LineReader implements AutoCloseable {

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private long left;
    private int start;
    private int end;

    /** @param length where to stop, in bytes, whatever follows there */
    LineReader(InputStream in, long length) {
        this.in = in;
        this.left = length;
    }

    /** The next line without its line break; null when there is no other complete one. */
    byte[] next() throws IOException {
        ByteArrayOutputStream line = null;
        while (true) {
            for (int i = start; i < end; i++) {
                if (buffer[i] == '\n') {
                    byte[] found = line(line, i);
                    start = i + 1;
                    return found;
                }
            }
            line = line == null ? new ByteArrayOutputStream(end - start + 256) : line;
            line.write(buffer, start, end - start);
            start = 0;
            end = left == 0 ? -1 : in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (end < 0) {
                end = 0;
                return null;
            }
            left -= end;
        }
    }

    private byte[] line(ByteArrayOutputStream begun, int until) {
        if (begun == null) {
            return Arrays.copyOfRange(buffer, start, until);
        }
        begun.write(buffer, start, until - start);
        return begun.toByteArray();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
