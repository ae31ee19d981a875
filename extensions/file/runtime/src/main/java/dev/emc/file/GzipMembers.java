package dev.emc.file;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads a gzip file (RFC 1952) member by member and knows where each begins, which the JDK's stream doesn't tell.
 * Zero bytes after the last member are padding.
 */
final class GzipMembers implements Closeable {

    private static final int CHUNK = 64 * 1024;

    private final FileChannel channel;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] in = new byte[CHUNK];
    private int inStart;
    private int inEnd;
    /** Where the byte at {@code inEnd} stands in the file. */
    private long filePosition;
    private long memberStart;
    private long memberStartPlain;
    private long plain;
    private boolean inMember;

    /**
     * @param compressed where a member begins
     * @param plain how many uncompressed bytes the members before it hold
     */
    GzipMembers(FileChannel channel, long compressed, long plain) {
        this.channel = channel;
        this.filePosition = compressed;
        this.memberStart = compressed;
        this.memberStartPlain = plain;
        this.plain = plain;
    }

    /** Whether a file that begins with these bytes is gzip. */
    static boolean isMagic(byte[] head, int length) {
        return length >= 3 && head[0] == 0x1f && head[1] == (byte) 0x8b && head[2] == 8;
    }

    /**
     * Uncompressed bytes.
     *
     * @return how many; -1 at the end of the file, which is the end of a member
     * @throws EOFException when the file ends within a member
     * @throws ZipException when the data is damaged or no gzip
     */
    int read(byte[] out, int offset, int length) throws IOException {
        while (true) {
            if (!inMember && !beginMember()) {
                return -1;
            }
            try {
                int n = inflater.inflate(out, offset, length);
                if (n > 0) {
                    crc.update(out, offset, n);
                    plain += n;
                    return n;
                }
            } catch (DataFormatException e) {
                throw new ZipException(e.getMessage() == null ? "invalid compressed data" : e.getMessage());
            }
            if (inflater.finished()) {
                inStart = inEnd - inflater.getRemaining();
                endMember();
            } else if (inflater.needsDictionary()) {
                throw new ZipException("a preset dictionary is needed");
            } else {
                fill();
                inflater.setInput(in, inStart, inEnd - inStart);
            }
        }
    }

    /** Where the present member begins, or the next one when none has begun. */
    long memberStart() {
        return memberStart;
    }

    /** How many uncompressed bytes stand before {@link #memberStart()}. */
    long memberStartPlain() {
        return memberStartPlain;
    }

    private boolean beginMember() throws IOException {
        int first = readByte();
        while (first == 0) {
            first = readByte();
        }
        if (first < 0) {
            return false;
        }
        if (first != 0x1f || need() != 0x8b || need() != 8) {
            throw new ZipException("not gzip data");
        }
        int flags = need();
        skip(6);
        if ((flags & 4) != 0) {
            skip(need() | need() << 8);
        }
        if ((flags & 8) != 0) {
            skipText();
        }
        if ((flags & 16) != 0) {
            skipText();
        }
        if ((flags & 2) != 0) {
            skip(2);
        }
        inflater.reset();
        inflater.setInput(in, inStart, inEnd - inStart);
        crc.reset();
        inMember = true;
        return true;
    }

    private void endMember() throws IOException {
        long expected = needInt();
        long size = needInt();
        if (expected != crc.getValue() || size != (plain - memberStartPlain & 0xffffffffL)) {
            throw new ZipException("wrong checksum");
        }
        memberStart = filePosition - (inEnd - inStart);
        memberStartPlain = plain;
        inMember = false;
    }

    private long needInt() throws IOException {
        return (need() | (long) need() << 8 | (long) need() << 16 | (long) need() << 24) & 0xffffffffL;
    }

    private void skipText() throws IOException {
        while (need() != 0) {
            // to its end
        }
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            need();
        }
    }

    private int need() throws IOException {
        int b = readByte();
        if (b < 0) {
            throw new EOFException("the file ends within its compressed data");
        }
        return b;
    }

    private int readByte() throws IOException {
        if (inStart == inEnd && !more()) {
            return -1;
        }
        return in[inStart++] & 0xff;
    }

    private void fill() throws IOException {
        if (!more()) {
            throw new EOFException("the file ends within its compressed data");
        }
    }

    private boolean more() throws IOException {
        int n = channel.read(ByteBuffer.wrap(in), filePosition);
        inStart = 0;
        inEnd = Math.max(n, 0);
        filePosition += inEnd;
        return n > 0;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
