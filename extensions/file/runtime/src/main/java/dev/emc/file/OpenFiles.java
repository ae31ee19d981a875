package dev.emc.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The small hidden file that says which files the sink has open, and up to where each is complete. What a crash left in
 * a file that stands in it is known to be ours. It is locked while the sink runs and deleted when it ends.
 *
 * <p>It consists of slots of 1024 bytes: 16 hexadecimal digits for the length, a blank, the path from the
 * folder of this file. None crosses a page of
 * memory, so that a killed process leaves each old or new.
 */
final class OpenFiles implements Closeable {

    private static final int SLOT = 1024;
    private static final int PATH_AT = 17;

    /** A file that was open when the process died. */
    record Entry(Path path, long length) {}

    private final Path path;
    private final FileChannel channel;
    private final List<Entry> entries = new ArrayList<>();
    private final BitSet used = new BitSet();
    private boolean repaired;

    private OpenFiles(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        read();
    }

    /**
     * @return null when another process has it
     */
    static OpenFiles open(Path path) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            try {
                if (!lock(channel)) {
                    channel.close();
                    return null;
                }
                if (Files.exists(path)) {
                    return new OpenFiles(path, channel);
                }
                channel.close(); // its owner has just deleted it
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }
    }

    /** Locks a file for this process; true also where the file system knows no locks. */
    static boolean lock(FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private void read() throws IOException {
        ByteBuffer slot = ByteBuffer.allocate(SLOT);
        for (long at = 0; at < channel.size(); at += SLOT) {
            slot.clear();
            while (slot.hasRemaining() && channel.read(slot, at + slot.position()) > 0) {
                // until the slot is full or the file at its end
            }
            int end = PATH_AT;
            while (end < slot.position() && slot.get(end) != 0) {
                end++;
            }
            if (end > PATH_AT) {
                try {
                    long length = Long.parseLong(new String(slot.array(), 0, 16, StandardCharsets.US_ASCII), 16);
                    String name = new String(slot.array(), PATH_AT, end - PATH_AT, StandardCharsets.UTF_8);
                    entries.add(new Entry(path.resolveSibling(name), length));
                } catch (IllegalArgumentException e) {
                    continue; // a slot that never reached the disk
                }
            }
        }
    }

    /** The files that were open when the process died. */
    List<Entry> entries() {
        return entries;
    }

    /** Forgets what an earlier process had open, once that is repaired. */
    void clear() throws IOException {
        channel.truncate(0);
        repaired = true;
    }

    /**
     * Notes an open file.
     *
     * @return its slot; -1 when its path is too long to be noted
     */
    int add(Path file, long length, boolean force) throws IOException {
        Path folder = path.getParent();
        byte[] name = (folder == null ? file : folder.relativize(file)).toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > SLOT - PATH_AT) {
            return -1;
        }
        int slot = used.nextClearBit(0);
        byte[] bytes = Arrays.copyOf(digits(length), SLOT);
        bytes[16] = ' ';
        System.arraycopy(name, 0, bytes, PATH_AT, name.length);
        write(bytes, (long) slot * SLOT);
        used.set(slot);
        if (force) {
            channel.force(false);
        }
        return slot;
    }

    /** Notes up to where a file is complete. */
    void update(int slot, long length) throws IOException {
        if (slot >= 0) {
            write(digits(length), (long) slot * SLOT);
        }
    }

    void remove(int slot) throws IOException {
        if (slot >= 0) {
            write(new byte[SLOT], (long) slot * SLOT);
            used.clear(slot);
        }
    }

    private static byte[] digits(long length) {
        byte[] digits = new byte[16];
        for (int i = 15; i >= 0; i--, length >>>= 4) {
            digits[i] = (byte) "0123456789abcdef".charAt((int) length & 15);
        }
        return digits;
    }

    private void write(byte[] bytes, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
    }

    /** Deletes the file when nothing is open any more; what could not be closed properly stays for the next start. */
    @Override
    public void close() throws IOException {
        if (repaired && used.isEmpty()) {
            Files.deleteIfExists(path);
        }
        channel.close();
    }
}
