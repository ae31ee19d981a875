package dev.emc.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes members of gzip files (RFC 1952): one for what a batch adds to a file, so that each prefix of members is a whole file. */
final class GzipMember implements AutoCloseable {

    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final byte[] deflated = new byte[64 * 1024];
    private final CRC32 crc = new CRC32();
    private boolean open;

    /** What was not finished is given up. */
    void begin() {
        open = false;
    }

    /** Adds the first bytes to the member; begins one when there is none. */
    void write(SinkFile file, byte[] bytes, int count) throws IOException {
        if (!open) {
            open = true;
            deflater.reset();
            crc.reset();
            file.write(HEADER, 0, HEADER.length);
        }
        crc.update(bytes, 0, count);
        deflater.setInput(bytes, 0, count);
        deflateTo(file);
    }

    /** Ends the member, if there is one. */
    void finish(SinkFile file) throws IOException {
        if (open) {
            deflater.finish();
            deflateTo(file);
            byte[] trailer = new byte[8];
            ByteBuffer.wrap(trailer).order(ByteOrder.LITTLE_ENDIAN).putInt((int) crc.getValue())
                    .putInt((int) deflater.getBytesRead());
            file.write(trailer, 0, trailer.length);
            open = false;
        }
    }

    private void deflateTo(SinkFile file) throws IOException {
        int n;
        while ((n = deflater.deflate(deflated, 0, deflated.length)) > 0) {
            file.write(deflated, 0, n);
        }
    }

    @Override
    public void close() {
        deflater.end();
    }
}
