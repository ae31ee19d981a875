package dev.emc.core.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps two workers of one name apart: a lock on a file that is never deleted, with the holder's process id in it. The
 * system takes the lock away when the process dies.
 */
final class WorkerLock implements AutoCloseable {

    // the system's locks are the process's, and closing any channel of the file gives them up: within the process the
    // file must not be opened twice
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private static final int ATTEMPTS = 3;
    private static final long PAUSE = 20_000_000;

    private final Path file;
    private final FileChannel channel;

    private WorkerLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Somebody else has the lock. */
    static final class Held extends Exception {

        private static final long serialVersionUID = 1;

        /** @param holder for example {@code pid 4711} */
        Held(String holder) {
            super(holder);
        }
    }

    static Path of(Path dir, String worker) {
        return dir.resolve(FileNames.of(worker) + ".lock");
    }

    /** @param file its folder must exist and be a real path */
    static WorkerLock take(Path file) throws IOException, Held {
        if (!HELD.add(file)) {
            throw new Held(self());
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            lock(channel);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
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

    /** Somebody who only looks whether the lock is free has it for a moment, too. */
    private static void lock(FileChannel channel) throws IOException, Held {
        for (int attempt = 0; channel.tryLock() == null; attempt++) {
            if (attempt == ATTEMPTS) {
                throw new Held(holder(channel));
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    /** Who has the lock now; empty when nobody has. */
    static Optional<String> holder(Path file) throws IOException {
        if (!HELD.add(file)) {
            return Optional.of(self());
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.tryLock(0, Long.MAX_VALUE, true) == null ? Optional.of(holder(channel)) : Optional.empty();
        } catch (NoSuchFileException never) {
            return Optional.empty();
        } finally {
            HELD.remove(file);
        }
    }

    private static String self() {
        return "pid " + ProcessHandle.current().pid();
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        String pid = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).trim();
        return pid.isEmpty() ? "another process" : "pid " + pid;
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
