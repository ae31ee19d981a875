package dev.emc.core.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps two workers of one name apart: a lock on a file that is never deleted, with the holder's process id in it. The
 * system takes the lock away when the process dies.
 */
final class WorkerLock implements AutoCloseable {

    // the system's locks are the process's, and closing any channel of the file gives them up: within the process the
    // file must not be opened twice
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private WorkerLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Somebody else has the lock. */
    static final class Held extends Exception {

        private static final long serialVersionUID = 1;

        /** @param holder process id; empty when unknown */
        Held(String holder) {
            super(holder);
        }
    }

    /** @param file its folder must exist and be a real path */
    static WorkerLock take(Path file) throws IOException, Held {
        String self = Long.toString(ProcessHandle.current().pid());
        if (!HELD.add(file)) {
            throw new Held(self);
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new Held(holder(channel));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((self + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            taken = true;
            return new WorkerLock(file, channel);
        } finally {
            if (!taken) {
                HELD.remove(file);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).trim();
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(file);
        }
    }
}
