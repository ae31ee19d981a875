package dev.emc.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;

import dev.emc.api.Position;
import dev.emc.api.SourceRecord;
import dev.emc.wire.Words;

/** One file that is being read, and how far. */
final class TailedFile implements Window.Feed {

    /** The damage of a compressed file that may yet be completed. */
    static final String TORN = "it ends in the middle of its compressed data";

    /** Device and inode; {@code -} for standard input. */
    final String key;
    /** The partition of its positions; known once a record was read from it. */
    private Map<String, Object> partition;
    private long begin = -1;
    /** Where it is, and was when it was seen last. */
    Path path;
    String pathText;
    String uri;
    /** As of the last scan. */
    long size;
    long modified;
    /** When its size or modification time was seen to change, by {@link System#nanoTime()}. */
    long changedAt = System.nanoTime();

    /** Where the next record begins, uncompressed. */
    long offset;
    /** Bytes at the end that are no complete record yet. */
    long pending;
    /** Size of the file up to which everything has been looked at; compressed where the file is. */
    long seen;
    /** The names of the columns. */
    List<byte[]> header;
    /** Whether the rest of a line that is too long is being left out; {@code held} is what to send of it. */
    boolean skipping;
    byte[] held;
    long heldAt;
    long leftOut;

    /** The path at which the last scan found it; for files that rotation split off, the path they were split off. */
    Path origin;
    /** Whether its path leads to another file now, or to none. */
    boolean retired;
    long retiredAt;
    /** The file that was at this path before, and has to be read to its end first. */
    TailedFile after;
    /** Whether nothing more is expected of it. */
    boolean done;
    /** Why it can't be read to its end; null when it can. */
    String damage;

    /** Whether what was read from it is no longer in it. */
    boolean rewritten;

    private final RecordId ids;
    private FileChannel channel;
    private StreamInput stream;
    private byte[] carry = new byte[0];
    private Boolean compressed;
    private GzipMembers members;
    private long memberStart;
    private long memberStartPlain;
    private long readAt;
    private byte[] tail;
    private final byte[] head = new byte[Mark.HEAD];
    private int headLength;
    /** Boxed once, because each position has it. */
    private Long headSum;
    private ByteBuffer view = ByteBuffer.allocate(0);

    TailedFile(FileFinder.Found found) {
        this.key = found.key();
        this.ids = new RecordId(key);
        this.origin = found.path();
        update(found);
    }

    TailedFile(StreamInput stream, String name) {
        this.key = name;
        this.ids = new RecordId(key);
        this.partition = Mark.partition(name, -1);
        this.pathText = name;
        this.uri = name.equals("-") ? "file:///dev/stdin" : Path.of(name).toUri().toString();
        this.stream = stream;
        this.compressed = false;
    }

    boolean isStream() {
        return stream != null;
    }

    StreamInput stream() {
        return stream;
    }

    /** Takes over what a scan has seen. */
    void update(FileFinder.Found found) {
        if (!found.path().equals(path)) {
            path = found.path();
            pathText = path.toString();
            uri = path.toUri().toString();
        }
        if (found.size() != size || found.modified() != modified) {
            size = found.size();
            modified = found.modified();
            changedAt = System.nanoTime();
        }
    }

    /** Goes on where an earlier run has stopped. The file is known to match. */
    void resume(Mark mark) throws IOException {
        offset = mark.offset();
        begin = mark.begin();
        if (mark.isAtEndOf(path)) {
            seen = size;
        }
    }

    boolean isOpen() {
        return channel != null;
    }

    /** Opens the file if it isn't; false when it is no longer at its path. */
    boolean open() throws IOException {
        if (channel != null) {
            return true;
        }
        FileChannel opened = FileChannel.open(path, StandardOpenOption.READ);
        FileFinder.Found now = FileFinder.Found.at(path);
        if (now == null || !now.key().equals(key)) {
            opened.close();
            return false;
        }
        channel = opened;
        return true;
    }

    FileChannel channel() {
        return channel;
    }

    /** The size now when the file is open, else as of the last scan. */
    long currentSize() throws IOException {
        return channel == null ? size : channel.size();
    }

    /** Whether the file is gzip; only when it is open. A file too short to tell counts as not compressed. */
    boolean isCompressed() throws IOException {
        if (compressed == null) {
            byte[] magic = new byte[3];
            int n = Mark.read(channel, 0, magic, 3);
            if (n < 3) {
                return false;
            }
            compressed = GzipMembers.isMagic(magic, n);
        }
        return compressed;
    }

    /** Loads the window for the next record; false when the file is not the one that was read before. */
    boolean begin(Window window) throws IOException {
        if (stream != null) {
            window.begin(offset, new byte[0], 0);
            byte[] carried = carry;
            window.fill((into, at, length) -> {
                System.arraycopy(carried, 0, into, at, carried.length);
                return carried.length;
            });
            return true;
        }
        if (isCompressed()) {
            return beginCompressed(window);
        }
        int count = (int) Math.min(Mark.TAIL, offset);
        byte[] before = new byte[count];
        if (Mark.read(channel, offset - count, before, count) < count || tail != null && !Arrays.equals(tail, before)) {
            return false;
        }
        if (headLength < Math.min(Mark.HEAD, offset)) {
            headLength = Mark.read(channel, 0, head, Mark.HEAD);
        }
        window.begin(offset, before, count);
        readAt = offset;
        return true;
    }

    private boolean beginCompressed(Window window) throws IOException {
        if (members != null) {
            return true; // the window is still this file's
        }
        members = new GzipMembers(channel, memberStart, memberStartPlain);
        byte[] before = new byte[Mark.TAIL + 64 * 1024];
        int kept = 0;
        for (long at = memberStartPlain; at < offset;) {
            int n = members.read(before, kept, (int) Math.min(before.length - kept, offset - at));
            if (n < 0) {
                return false;
            }
            captureHead(before, kept, n, at);
            at += n;
            int keep = Math.min(Mark.TAIL, kept + n);
            System.arraycopy(before, kept + n - keep, before, 0, keep);
            kept = keep;
        }
        window.begin(offset, before, kept);
        readAt = offset;
        return true;
    }

    private void captureHead(byte[] bytes, int from, int count, long at) {
        if (at < Mark.HEAD && at == headLength) {
            int n = (int) Math.min(count, Mark.HEAD - at);
            System.arraycopy(bytes, from, head, headLength, n);
            headLength += n;
        }
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
        if (stream != null) {
            return stream.read(into, at, length);
        }
        if (members != null) {
            int n;
            try {
                n = members.read(into, at, length);
            } catch (EOFException e) {
                damage = TORN;
                return -1;
            } catch (ZipException e) {
                damage = "its compressed data is damaged (" + e.getMessage() + ")";
                return -1;
            }
            if (n > 0) {
                captureHead(into, at, n, readAt);
                readAt += n;
            }
            return n;
        }
        return readPlain(into, at, length);
    }

    /** Reads a little of what is in the window once more, to see that it still is what it was. */
    private int readPlain(byte[] into, int at, int length) throws IOException {
        if (view.array() != into) {
            view = ByteBuffer.wrap(into);
        }
        int overlap = Math.min(at, Mark.TAIL);
        byte[] known = Arrays.copyOfRange(into, at - overlap, at);
        view.limit(at + length).position(at - overlap);
        int n = channel.read(view, readAt - overlap) - overlap;
        if (!Arrays.equals(known, 0, overlap, into, at - overlap, at)) {
            System.arraycopy(known, 0, into, at - overlap, overlap);
            rewritten = true;
            return -1;
        }
        if (n <= 0) {
            return -1;
        }
        readAt += n;
        return n;
    }

    /** Leaves the window to other files and remembers where to go on. */
    void end(Window window) throws IOException {
        offset = window.offset;
        pending = window.end - window.start;
        tail = window.before();
        if (stream != null) {
            carry = Arrays.copyOfRange(window.bytes, window.start, window.end);
        } else if (members != null) {
            seen = channel.size();
            if (members.memberStartPlain() + Mark.TAIL <= offset && headLength == Mark.HEAD) {
                memberStart = members.memberStart();
                memberStartPlain = members.memberStartPlain();
            }
            endMembers();
        } else {
            seen = readAt;
        }
    }

    /** Whether it is in the midst of a compressed file, whose reading can't be interrupted cheaply. */
    boolean isInMembers() {
        return members != null;
    }

    /** Forgets what was read since the last record, after an error. */
    void abandon(Window window) {
        if (stream == null) {
            offset = window.offset;
            tail = window.before();
            endMembers();
        }
    }

    private void endMembers() {
        if (members != null) {
            members.close();
            members = null;
            if (headLength < Mark.HEAD) {
                headLength = 0; // it is taken again from the beginning
            }
        }
    }

    /** It is a new file by the same name: reads it from its beginning. */
    void restart() {
        endMembers();
        offset = 0;
        pending = 0;
        seen = 0;
        partition = null;
        begin = -1;
        tail = null;
        headLength = 0;
        headSum = null;
        memberStart = 0;
        memberStartPlain = 0;
        compressed = null;
        header = null;
        skipping = false;
        held = null;
        damage = null;
        rewritten = false;
    }

    /** The position of a record that ends at this index of the window. */
    Position position(Window window, int index) throws IOException {
        long at = window.offsetOf(index);
        if (stream != null) {
            return Mark.streamPosition(partition, at);
        }
        Long sum = headSum(at);
        if (partition == null) {
            begin = begin < 0 ? sum : begin;
            partition = Mark.partition(key, begin);
        }
        return Mark.position(partition, pathText, at, sum, window.tailSum(index));
    }

    /** A record of this file, still without a content type. Its id is the same after any restart. */
    SourceRecord.Builder record(Position position, long begin, byte[] data, String type) {
        String at = Long.toString(begin);
        // the fingerprint tells apart what a reused inode holds
        String id = ids.of(at, Words.fingerprint(data, 0, data.length));
        return SourceRecord.at(position).data(data).attribute("id", id).attribute("source", uri).attribute("type", type)
                .attribute("filepath", pathText).attribute("fileoffset", at);
    }

    private Long headSum(long at) throws IOException {
        int n = (int) Math.min(Mark.HEAD, at);
        if (n == Mark.HEAD && headSum != null) {
            return headSum;
        }
        if (headLength < n) {
            headLength = Mark.read(channel, 0, head, Mark.HEAD);
        }
        Long sum = Mark.sum(head, 0, Math.min(n, headLength));
        if (n == Mark.HEAD) {
            headSum = sum;
        }
        return sum;
    }

    /** How far it has been read; null when nothing was. */
    Mark mark() throws IOException {
        if (offset == 0 || begin < 0 || tail == null || stream != null
                || channel == null && headLength < Math.min(offset, Mark.HEAD)) {
            return null;
        }
        return new Mark(key, begin, pathText, offset, headSum(offset), Mark.sum(tail, 0, tail.length), -1);
    }

    /** Whether a mark is one in this file as it is now. */
    boolean has(Mark mark) {
        return begin == mark.begin();
    }

    /** Whether a file begins with what this one began with. */
    boolean hasHeadOf(FileChannel other) throws IOException {
        if (headLength == 0) {
            return false;
        }
        byte[] bytes = new byte[Mark.HEAD];
        int n = Mark.read(other, 0, bytes, headLength);
        return n > 0 && Arrays.equals(bytes, 0, n, head, 0, n);
    }

    void close() throws IOException {
        endMembers();
        if (stream != null) {
            stream.close();
        }
        if (channel != null) {
            FileChannel closing = channel;
            channel = null;
            closing.close();
        }
    }
}
