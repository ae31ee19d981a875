package dev.emc.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

import dev.emc.api.Position;

/**
 * How far a file has been read, with what it takes to know the file again: its inode, and checksums of its beginning
 * and of what stands before the place.
 *
 * @param key device and inode
 * @param begin checksum of its first record or so, which tells apart what had the same inode one after the other; -1
 *            for a file that is read as a whole
 * @param path where it was
 * @param offset bytes read, uncompressed
 * @param head checksum of the first {@link #HEAD} bytes, or fewer when fewer were read
 * @param tail checksum of the {@link #TAIL} bytes before the offset, or fewer when fewer were read
 * @param modified of a file that was read as a whole when it was modified, in milliseconds since 1970; else -1
 */
record Mark(String key, long begin, String path, long offset, long head, long tail, long modified) {

    static final int HEAD = 256;
    static final int TAIL = 128;

    private static final String KEY = "file";
    private static final String BEGIN = "begin";
    private static final String OFFSET = "byte";
    private static final String PATH = "path";
    private static final String HEAD_SUM = "head";
    private static final String TAIL_SUM = "tail";
    private static final String MODIFIED = "modified";

    /** The partition of a file. It never changes, not even while the file is shorter than what it is recognised by. */
    static Map<String, Object> partition(String key, long begin) {
        return new Position(begin < 0 ? Map.of(KEY, key) : Map.of(KEY, key, BEGIN, begin), Map.of()).partition();
    }

    /** A position in a file that is read record by record. */
    static Position position(Map<String, Object> partition, String path, long offset, Long head, long tail) {
        return Position.of(partition, OFFSET, offset, PATH, path, HEAD_SUM, head, TAIL_SUM, tail);
    }

    /** The position of a file that is read as a whole. */
    static Position wholePosition(Map<String, Object> partition, String path, long size, long modified) {
        return new Position(partition, Map.of(OFFSET, size, PATH, path, MODIFIED, modified));
    }

    /** A position in a stream that can't be read again. */
    static Position streamPosition(Map<String, Object> partition, long offset) {
        return Position.of(partition, OFFSET, offset);
    }

    /** @return null when this is no position of a file */
    static Mark of(Position position) {
        if (position.partition().get(KEY) instanceof String key && position.offset().get(OFFSET) instanceof Long offset
                && position.offset().get(PATH) instanceof String path) {
            return new Mark(key, position.partition().get(BEGIN) instanceof Long begin ? begin : -1, path, offset,
                    number(position, HEAD_SUM), number(position, TAIL_SUM), number(position, MODIFIED));
        }
        return null;
    }

    /** The same place in the same content, which is now in another file. */
    Mark movedTo(String newKey, Path newPath) {
        return new Mark(newKey, begin, newPath.toString(), offset, head, tail, modified);
    }

    private static long number(Position position, String name) {
        return position.offset().get(name) instanceof Long number ? number : -1;
    }

    static long sum(byte[] bytes, int from, int count) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, count);
        return crc.getValue();
    }

    /** Without a checksum anything is right: somebody has set the offset by hand and taken the checksum away. */
    private static boolean isSum(long expected, byte[] bytes, int count) {
        return expected < 0 || sum(bytes, 0, count) == expected;
    }

    /** Reads until the array is full or the file at its end; returns how many bytes. */
    static int read(FileChannel channel, long at, byte[] into, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, count);
        while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) > 0) {
            // go on
        }
        return buffer.position();
    }

    /** Checksum of the first {@link #HEAD} bytes, uncompressed; -1 when there are fewer. */
    static long headOf(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                GzipMembers members = new GzipMembers(channel, 0, 0)) {
            byte[] bytes = new byte[HEAD];
            int length = read(channel, 0, bytes, HEAD);
            if (GzipMembers.isMagic(bytes, length)) {
                length = 0;
                for (int n; length < HEAD && (n = members.read(bytes, length, HEAD - length)) > 0;) {
                    length += n;
                }
            }
            return length < HEAD ? -1 : sum(bytes, 0, HEAD);
        } catch (EOFException | ZipException e) {
            return -1;
        }
    }

    /** Whether a file has what this mark remembers. Compressed files are read up to the mark. */
    boolean matches(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            byte[] bytes = new byte[HEAD];
            int n = read(channel, 0, bytes, 3);
            if (GzipMembers.isMagic(bytes, n)) {
                return matchesCompressed(channel);
            }
            int headLength = (int) Math.min(HEAD, offset);
            if (read(channel, 0, bytes, headLength) < headLength || !isSum(head, bytes, headLength)) {
                return false;
            }
            int tailLength = (int) Math.min(TAIL, offset);
            return read(channel, offset - tailLength, bytes, tailLength) == tailLength && isSum(tail, bytes, tailLength);
        }
    }

    /** Whether nothing stands after the place; false where that can't be told without reading. */
    boolean isAtEndOf(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            byte[] magic = new byte[3];
            int n = read(channel, 0, magic, 3);
            return GzipMembers.isMagic(magic, n) ? isAtEnd(channel) : channel.size() == offset;
        }
    }

    /** A gzip file of one member ends with its uncompressed size. */
    private boolean isAtEnd(FileChannel channel) throws IOException {
        ByteBuffer size = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        return channel.size() > 18 && channel.read(size, channel.size() - 4) == 4 && size.getInt(0) == (int) offset;
    }

    private boolean matchesCompressed(FileChannel channel) throws IOException {
        boolean atEnd = isAtEnd(channel);
        try (GzipMembers members = new GzipMembers(channel, 0, 0)) {
            byte[] chunk = new byte[TAIL + 64 * 1024];
            byte[] first = new byte[HEAD];
            int kept = 0;
            for (long at = 0; at < offset;) {
                int n = members.read(chunk, kept, (int) Math.min(chunk.length - kept, offset - at));
                if (n < 0) {
                    return false;
                }
                if (at < HEAD) {
                    System.arraycopy(chunk, kept, first, (int) at, (int) Math.min(n, HEAD - at));
                }
                boolean headComplete = at < HEAD && (at + n >= HEAD || at + n == offset);
                at += n;
                if (headComplete && !isSum(head, first, (int) Math.min(HEAD, at))) {
                    return false;
                }
                if (headComplete && atEnd) {
                    return true; // the size stands for the rest
                }
                int keep = Math.min(TAIL, kept + n);
                System.arraycopy(chunk, kept + n - keep, chunk, 0, keep);
                kept = keep;
            }
            return isSum(tail, chunk, kept);
        } catch (EOFException | ZipException e) {
            return false;
        }
    }
}
