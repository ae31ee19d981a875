package dev.emc.core.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

import org.jboss.logging.Logger;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
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
    private static final int CRC_LENGTH = 8;
    /** A standby looks that often whether the lock is free. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final Path dir;
    private final long compactFrom;
    private final PositionJson json = new PositionJson();
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
            Files.createDirectories(dir);
            Path real = dir.toRealPath();
            String file = FileNames.of(name);
            journal = real.resolve(file + ".journal");
            lock = WorkerLock.take(real.resolve(file + ".lock"));
            Files.deleteIfExists(temporary());
            if (Files.exists(journal)) {
                load();
            } else {
                compact();
            }
            return List.copyOf(positions.values());
        } catch (WorkerLock.Held held) {
            String holder = held.getMessage().isEmpty() ? "" : " (pid " + held.getMessage() + ")";
            throw new LeaseHeldException("worker '" + name + "' is already running" + holder + " with the registry " + dir
                    + "; stop it, or give this worker another name", "pid " + held.getMessage(), LOOK_AGAIN);
        } catch (IOException error) {
            close();
            throw failure("can't be opened", error);
        } catch (ConnectorException damaged) {
            close();
            throw damaged;
        }
    }

    private Path temporary() {
        return journal.resolveSibling(journal.getFileName() + ".tmp");
    }

    private void load() throws IOException, FatalException {
        byte[] bytes = Files.readAllBytes(journal);
        int start = 0;
        int number = 1;
        while (start < bytes.length) {
            int stop = start;
            while (stop < bytes.length && bytes[stop] != '\n') {
                stop++;
            }
            PositionJson.Content content = stop < bytes.length ? parse(bytes, start, stop) : null;
            if (content == null) {
                if (number == 1 || stop + 1 < bytes.length) {
                    throw damaged(number, "can't be read");
                }
                LOG.infof("the last entry of %s was cut short by a crash and is left out", journal);
                break;
            }
            if (number == 1 && !worker.equals(content.worker())) {
                throw damaged(1, "belongs to worker '" + content.worker() + "'");
            }
            content.positions().forEach(position -> positions.put(position.partition(), position));
            start = stop + 1;
            number++;
            if (number == 2) {
                compactAt = Math.max(compactFrom, start * 8L);
            }
        }
        if (number == 1) {
            throw damaged(1, "is missing");
        }
        channel = FileChannel.open(journal, StandardOpenOption.WRITE);
        end = start;
        if (end < bytes.length) {
            channel.truncate(end);
            channel.force(true);
        }
    }

    private FatalException damaged(int number, String what) {
        return new FatalException("the registry file " + journal + " is damaged: line " + number + " " + what
                + "; put it back from a backup, or delete it to make worker '" + worker + "' start afresh");
    }

    private PositionJson.Content parse(byte[] bytes, int start, int stop) {
        int text = start + CRC_LENGTH + 1;
        if (stop <= text || bytes[text - 1] != ' ') {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, text, stop - text);
        String expected = HexFormat.of().toHexDigits((int) crc.getValue());
        if (!expected.equals(new String(bytes, start, CRC_LENGTH, StandardCharsets.ISO_8859_1))) {
            return null;
        }
        try {
            return json.read(bytes, text, stop - text);
        } catch (IOException | IllegalArgumentException unreadable) {
            return null;
        }
    }

    private ByteBuffer line(String name, Collection<Position> content) throws IOException {
        line.reset();
        for (int i = 0; i <= CRC_LENGTH; i++) {
            line.write(' ');
        }
        json.write(line, name, content);
        line.write('\n');
        byte[] bytes = line.toByteArray();
        CRC32C crc = new CRC32C();
        crc.update(bytes, CRC_LENGTH + 1, bytes.length - CRC_LENGTH - 2);
        byte[] hex = HexFormat.of().toHexDigits((int) crc.getValue()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(hex, 0, bytes, 0, CRC_LENGTH);
        return ByteBuffer.wrap(bytes);
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
            ByteBuffer buffer = line(null, changed);
            long length = buffer.remaining();
            write(channel, buffer, end);
            channel.force(false);
            end += length;
        } catch (IOException error) {
            throw failure("can't be written", error);
        }
        changed.forEach(position -> positions.put(position.partition(), position));
        if (end > compactAt) {
            try {
                compact();
            } catch (IOException error) {
                // the positions are safe; the journal is just longer than it should be
                compactAt = end * 2;
                LOG.warnf("the registry file %s can't be compacted now: %s", journal, reason(error));
            }
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
            ByteBuffer buffer = line(worker, positions.values());
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
        try (FileChannel directory = FileChannel.open(journal.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
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
            LOG.warnf("closing the registry file %s failed: %s", journal, reason(error));
        }
        channel = null;
        lock = null;
        positions.clear();
    }

    private ConnectorException failure(String what, IOException error) {
        String sentence = "the registry in " + dir + " " + what + ": " + reason(error);
        if (error instanceof AccessDeniedException || error instanceof FileAlreadyExistsException) {
            return new FatalException(sentence + "; check registry.path and who may write there", error);
        }
        return new RetryableException(sentence, error);
    }

    private static String reason(IOException error) {
        if (error instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (error instanceof FileAlreadyExistsException exists) {
            return exists.getFile() + " is not a folder";
        }
        if (error instanceof NoSuchFileException missing) {
            return missing.getFile() + " is gone";
        }
        if (error instanceof FileSystemException detailed && detailed.getReason() != null) {
            return detailed.getReason();
        }
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }
}
