package dev.emc.core.deadletters;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.DeadLetter;
import dev.emc.core.engine.DeadLetters;
import dev.emc.core.registry.Folders;

/**
 * Keeps dead letters in a {@link DeadLetterFile}. The file is opened anew each time: it may be moved away while the worker
 * runs, and several workers of one name may share it.
 */
public final class FileDeadLetters implements DeadLetters {

    /** The system's locks are the process's, so they keep workers within it apart only together with this. */
    private static final Object PROCESS = new Object();
    /** Ids of one prefix count up to here; {@link Marks} keeps a bit for each. */
    private static final int LAST = 9_999_999;

    private final DeadLetterFile file;
    private final Path folder;
    private String prefix;
    private int count;
    /** Whether the file's name may be lost in a crash of the system. */
    private boolean unsynced;

    /** @param folder is created with the first dead letter */
    public FileDeadLetters(Path folder, String worker) {
        this.file = DeadLetterFile.of(folder, worker);
        this.folder = folder;
    }

    @Override
    public void open(Duration deadline) throws FatalException {
        Path path = file.path().toAbsolutePath();
        while (!Files.exists(path) && path.getParent() != null) {
            path = path.getParent();
        }
        boolean isFile = path.equals(file.path().toAbsolutePath());
        if (isFile ? !Files.isRegularFile(path) : !Files.isDirectory(path)) {
            throw cannot(path + " is no " + (isFile ? "file" : "folder"), null);
        }
        if (!Files.isWritable(path)) {
            throw cannot(path + " can't be written", null);
        }
    }

    private FatalException cannot(String why, Throwable cause) {
        return new FatalException("Dead letters can't be kept in " + file.path() + ": " + why
                + "; set dead-letters.path to a folder that this process may write, or on-error to stop.", cause);
    }

    @Override
    public void keep(List<DeadLetter> letters) throws ConnectorException, InterruptedException {
        synchronized (PROCESS) {
            unsynced |= !Files.exists(file.path());
            try {
                Folders.create(folder);
                try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE); FileLock lock = channel.lock()) {
                    append(channel, letters);
                }
                if (unsynced) {
                    Folders.sync(folder);
                    unsynced = false;
                }
            } catch (ClosedByInterruptException | FileLockInterruptionException interrupted) {
                Thread.interrupted();
                throw new InterruptedException();
            } catch (IOException e) {
                throw new RetryableException("a dead letter can't be kept in " + file.path() + ": " + why(e), e);
            }
        }
    }

    private static String why(IOException error) {
        if (error instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (error instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }

    private void append(FileChannel channel, List<DeadLetter> letters) throws IOException {
        long before = channel.size();
        boolean kept = false;
        try {
            channel.position(before);
            if (torn(channel, before)) {
                write(channel, new byte[]{'\n'});
            }
            for (DeadLetter letter : letters) {
                write(channel, DeadLetterJson.write(nextId(), letter));
            }
            channel.force(true);
            kept = true;
        } finally {
            if (!kept && channel.isOpen()) {
                // they are given again as a whole
                channel.truncate(before);
            }
        }
    }

    /** Whether a crash has left a line without its end. */
    private static boolean torn(FileChannel channel, long size) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n';
    }

    private static void write(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Unique without asking anybody: time and chance, then a number. */
    private String nextId() {
        if (prefix == null || count == LAST) {
            long chance = ThreadLocalRandom.current().nextInt(36 * 36 * 36);
            prefix = Long.toString(System.currentTimeMillis() * 36 * 36 * 36 + chance, 36);
            count = 0;
        }
        return prefix + '-' + ++count;
    }

    @Override
    public String place() {
        return "the file " + file.path();
    }

    @Override
    public void close() {
        // nothing stays open
    }
}
