package dev.emc.core.deadletters;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The sole right to replay the dead letters of a worker, and the marks of those that are done: a mark is durable after
 * {@link #flush()}. A crash before that replays the letter once more. Any thread.
 */
public final class Replay implements AutoCloseable {

    private final DeadLetterFile file;
    /** Locked as long as it is open; opening the file a second time in this process would give the lock up. */
    private final FileChannel channel;
    private final Marks before;
    private final StringBuilder pending = new StringBuilder();
    private long marked;
    /** Where the next marks go; what a failed attempt has left there is written over. */
    private long end;

    private Replay(DeadLetterFile file, FileChannel channel, Marks before, long end) {
        this.file = file;
        this.channel = channel;
        this.before = before;
        this.end = end;
    }

    static Replay take(DeadLetterFile file) throws IOException, ReplayHeldException {
        Files.createDirectories(file.marks().toAbsolutePath().getParent());
        FileChannel channel = FileChannel.open(file.marks(), StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.CREATE);
        boolean taken = false;
        try {
            if (channel.tryLock() == null) {
                throw new ReplayHeldException(file.worker());
            }
            InputStream in = Channels.newInputStream(channel);
            Marks before = Marks.read(new LineReader(in, channel.size()));
            long end = endOfLine(channel);
            taken = true;
            return new Replay(file, channel, before, end);
        } catch (OverlappingFileLockException heldHere) {
            throw new ReplayHeldException(file.worker());
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    /** Ends a line that was torn in a crash; returns where the file ends. */
    private static long endOfLine(FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer last = ByteBuffer.allocate(1);
        if (size == 0 || channel.read(last, size - 1) == 1 && last.get(0) == '\n') {
            return size;
        }
        return size + channel.write(ByteBuffer.wrap(new byte[]{'\n'}), size);
    }

    /** Whose letters these are. */
    public DeadLetterFile file() {
        return file;
    }

    /** Goes through all letters that are there now, with the marks as they were when the right was taken. */
    public DeadLetterReader read() throws IOException {
        return file.read(before);
    }

    /** The letter has been delivered, or has become another dead letter. */
    public synchronized void done(String id) {
        pending.append(Marks.line(id, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
        marked++;
    }

    /** How many letters are done. */
    public synchronized long marked() {
        return marked;
    }

    /** Makes all marks durable. */
    public synchronized void flush() throws IOException {
        if (pending.isEmpty()) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(pending.toString().getBytes(StandardCharsets.US_ASCII));
        long at = end;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        channel.force(true);
        end = at;
        pending.setLength(0);
    }

    /** Makes all marks durable and gives the right back. */
    @Override
    public void close() throws IOException {
        try {
            flush();
        } finally {
            channel.close();
        }
    }
}
