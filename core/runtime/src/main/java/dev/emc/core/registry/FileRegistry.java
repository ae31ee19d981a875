package dev.emc.core.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jboss.logging.Logger;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.core.engine.LeaseHeldException;
import dev.emc.core.engine.Registry;

/**
 * Keeps the positions of each worker in a journal of its own: a file whose lines are a CRC-32C in hex, a space, and
 * JSON. The first line holds all positions as of the last compaction and names the worker; each further line holds the
 * positions that one {@link #save} has changed, and is on disk when {@code save} returns.
 *
 * <p>A crash can leave a part of the last line behind, which is cut off at the next start: its {@code save} had not
 * returned. The first line always arrives whole, because the file gets its name after it was written. Damage anywhere
 * else is an error, never a guess.
 */
public final class FileRegistry implements Registry {

    private static final Logger LOG = Logger.getLogger(FileRegistry.class);

    /** A journal is compacted when it is longer than this and than eight times what it was after the last time. */
    private static final long COMPACT_FROM = 256 * 1024;
    /** A standby looks that often whether the lock is free. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final Path dir;
    private final long compactFrom;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    private final Map<Map<String, Object>, Position> positions = new HashMap<>();
    private String worker;
    private Path journal;
    private volatile WorkerLock lock;
    private FileChannel channel;
    /** Where the last line ends that is known to be on disk. */
    private long end;
    private long compactAt;
    private boolean directoryUnsynced;

    /** @param dir folder of the journals; it is created when missing */
    public FileRegistry(Path dir) {
        this(dir, COMPACT_FROM);
    }

    FileRegistry(Path dir, long compactFrom) {
        this.dir = dir;
        this.compactFrom = compactFrom;
    }

    @Override
    public Collection<Position> open(String name) throws ConnectorException, LeaseHeldException {
        close();
        worker = name;
        try {
            Folders.create(dir);
            Path real = dir.toRealPath();
            journal = Journal.of(real, name);
            lock = WorkerLock.take(WorkerLock.of(real, name));
            Files.deleteIfExists(temporary());
            if (Files.exists(journal)) {
                load();
            } else {
                compact();
            }
            return List.copyOf(positions.values());
        } catch (WorkerLock.Held held) {
            throw new LeaseHeldException("worker '" + name + "' is already running (" + held.getMessage()
                    + ") with the registry " + dir + "; stop it, or give this worker another name", held.getMessage(),
                    LOOK_AGAIN);
        } catch (IOException error) {
            close();
            throw FileErrors.of(dir, "can't be opened", error);
        } catch (ConnectorException damaged) {
            close();
            throw damaged;
        }
    }

    private Path temporary() {
        return journal.resolveSibling(journal.getFileName() + ".tmp");
    }

    private void load() throws IOException, FatalException {
        Journal.Content content = Journal.read(journal, worker);
        positions.putAll(content.positions());
        compactAt = Math.max(compactFrom, content.firstLine() * 8);
        channel = FileChannel.open(journal, StandardOpenOption.WRITE);
        end = content.end();
        if (end < content.length()) {
            LOG.infof("the last entry of %s was cut short by a crash and is left out", journal);
            channel.truncate(end);
            channel.force(true);
        }
    }

    @Override
    public boolean held() {
        return lock != null;
    }

    @Override
    public void save(Collection<Position> changed) throws ConnectorException {
        if (lock == null) {
            throw new FatalException("the registry is closed");
        }
        if (changed.isEmpty()) {
            return;
        }
        try {
            if (directoryUnsynced) {
                syncDirectory();
            }
            if (!channel.isOpen()) {
                channel = FileChannel.open(journal, StandardOpenOption.WRITE);
            }
            if (channel.size() != end) {
                // what an earlier attempt has left behind
                channel.truncate(end);
            }
            ByteBuffer buffer = Journal.line(null, changed, line);
            long length = buffer.remaining();
            write(channel, buffer, end);
            channel.force(false);
            end += length;
        } catch (IOException error) {
            throw FileErrors.of(dir, "can't be written", error);
        }
        Positions.apply(changed, positions);
        if (end > compactAt) {
            try {
                compact();
            } catch (IOException error) {
                // the positions are safe; the journal is just longer than it should be
                compactAt = end * 2;
                LOG.warnf("the registry file %s can't be compacted now: %s", journal, FileErrors.reason(error));
            }
        }
    }

    /** Replaces all positions by others, durably. */
    void replace(Collection<Position> others) throws ConnectorException {
        positions.clear();
        Positions.apply(others, positions);
        try {
            compact();
        } catch (IOException error) {
            throw FileErrors.of(dir, "can't be written", error);
        }
    }

    private static void write(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
        long position = at;
        while (buffer.hasRemaining()) {
            position += channel.write(buffer, position);
        }
    }

    /** Writes all positions into a new file that takes the journal's place at once. */
    private void compact() throws IOException {
        Path temporary = temporary();
        FileChannel fresh = FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING);
        boolean renamed = false;
        try {
            ByteBuffer buffer = Journal.line(worker, positions.values(), line);
            long length = buffer.remaining();
            write(fresh, buffer, 0);
            fresh.force(true);
            Files.move(temporary, journal, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            renamed = true;
            FileChannel old = channel;
            channel = fresh;
            end = length;
            compactAt = Math.max(compactFrom, length * 8);
            directoryUnsynced = true;
            if (old != null) {
                old.close();
            }
        } finally {
            if (!renamed) {
                fresh.close();
            }
        }
        syncDirectory();
    }

    /** Makes the new name durable; until then nothing may count as saved in the new file. */
    private void syncDirectory() throws IOException {
        Folders.sync(journal.getParent());
        directoryUnsynced = false;
    }

    @Override
    public void close() {
        if (lock == null) {
            return;
        }
        try {
            if (channel != null) {
                channel.close();
            }
            lock.close();
        } catch (IOException error) {
            LOG.warnf("closing the registry file %s failed: %s", journal, FileErrors.reason(error));
        }
        channel = null;
        lock = null;
        positions.clear();
    }
}
