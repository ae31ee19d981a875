package dev.emc.file;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.zip.ZipException;

import org.jboss.logging.Logger;

import dev.emc.api.RetryableException;

/**
 * One file that a sink appends to. Bytes count once {@link #commit()} has returned; until then {@link #rollBack} takes
 * them away again. Devices and pipes can be written to as well; there nothing is taken back or forced.
 */
final class SinkFile {

    private static final Logger LOG = Logger.getLogger(FileSink.class);

    private static final Set<OpenOption> OLD = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW);

    /** How files are opened; tests put a small disk in between. */
    interface Opener {
        FileChannel open(Path path, Set<? extends OpenOption> options) throws IOException;
    }

    /**
     * What all files of a sink have in common.
     *
     * @param separator what ends each record
     * @param buffer direct memory between records and file
     * @param durable whether names of new files must survive a power cut
     * @param countRecords whether to count what is in a file already
     * @param setAside where a file goes that can't be appended to
     */
    record Settings(Opener opener, byte[] separator, boolean gzip, ByteBuffer buffer, boolean durable, boolean countRecords,
            Namer setAside) {}

    /** Finds a free name for a finished file. */
    interface Namer {
        Path rotated(Path path);
    }

    private final Path path;
    private final Settings settings;
    private final FileChannel channel;
    private final boolean regular;
    private final Object key;
    private OpenFiles openFiles;
    private int slot = -1;
    private long length;
    private long end;
    private long records;
    private long lastWrite;
    private boolean unforced;
    /** Whether bytes beyond {@code length} could not be taken back yet. */
    private boolean spoilt;

    private SinkFile(Path path, Settings settings, FileChannel channel, BasicFileAttributes attributes) {
        this.path = path;
        this.settings = settings;
        this.channel = channel;
        this.regular = attributes != null && attributes.isRegularFile();
        this.key = regular ? attributes.fileKey() : null;
        this.lastWrite = regular ? attributes.lastModifiedTime().toMillis() : 0;
    }

    static SinkFile standardOutput(Settings settings) {
        return new SinkFile(Path.of("-"), settings, new FileOutputStream(FileDescriptor.out).getChannel(), null);
    }

    /**
     * Opens a file for appending, creates it and its folders when missing, and repairs its end.
     *
     * @param provenFrom up to where an earlier process of this sink knew it to be complete, when that process died with
     *            the file open: what is torn after that is ours and is cut off; -1 when nothing is known, then
     *            nothing is ever cut off
     */
    static SinkFile open(Path path, Settings settings, long provenFrom) throws IOException, RetryableException {
        if (path.getParent() != null) {
            createFolders(path.getParent(), settings.durable);
        }
        FileChannel channel;
        boolean created = false;
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            channel = settings.opener.open(path, Set.of(StandardOpenOption.WRITE));
        } else {
            try {
                channel = settings.opener.open(path, OLD);
            } catch (NoSuchFileException e) {
                channel = settings.opener.open(path, NEW);
                created = true;
            }
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            SinkFile file = new SinkFile(path, settings, channel, attributes);
            if (file.regular) {
                if (!OpenFiles.lock(channel)) {
                    throw new RetryableException("another process is writing to " + path
                            + "; give each sink its own connector.path, or end the other one");
                }
                if (created && settings.durable) {
                    forceFolder(path.getParent());
                }
                file.length = channel.size();
                if (file.length > 0 && !file.repair(provenFrom)) {
                    Path aside = settings.setAside.rotated(path);
                    Files.move(path, aside);
                    channel.close();
                    LOG.infof("%s can't be appended to (%s); it is now %s", path,
                            settings.gzip ? "it is no complete gzip file" : "it is compressed", aside);
                    return open(path, settings, -1);
                }
                file.end = file.length;
            }
            return file;
        } catch (IOException | RetryableException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void createFolders(Path folder, boolean durable) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            createFolders(parent, durable);
        }
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
        if (durable) {
            forceFolder(parent);
        }
    }

    /** Makes names in a folder durable, where the system can do that. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder == null ? Path.of("") : folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debugf(e, "could not force folder %s", folder);
        }
    }

    /** Makes the end of the file a place to go on from; false when that is not possible. */
    private boolean repair(long provenFrom) throws IOException {
        byte[] head = new byte[3];
        int n = channel.read(ByteBuffer.wrap(head), 0);
        if (settings.gzip) {
            return repairGzip(provenFrom);
        }
        if (GzipMembers.isMagic(head, n)) {
            return false;
        }
        repairPlain(provenFrom >= 0);
        return true;
    }

    private void repairPlain(boolean ours) throws IOException {
        byte[] separator = settings.separator;
        if (settings.countRecords) {
            countRecords();
        }
        long complete = lastSeparatorEnd(separator);
        if (complete == length) {
            return;
        }
        if (ours) {
            LOG.infof("%s: removed the %d bytes of a record that the last run did not finish; it comes again", path,
                    length - complete);
            channel.truncate(complete);
            channel.force(true);
            length = complete;
        } else {
            LOG.infof("%s did not end with a line end: added", path);
            end = length;
            write(separator, 0, separator.length);
            length = end;
            records++;
        }
    }

    /** Where the last separator ends; 0 when there is none. */
    private long lastSeparatorEnd(byte[] separator) throws IOException {
        byte[] chunk = new byte[64 * 1024];
        long to = length;
        while (to >= separator.length) {
            long from = Math.max(0, to - chunk.length);
            int n = read(chunk, from, (int) (to - from));
            for (int i = n - separator.length; i >= 0; i--) {
                int k = 0;
                while (k < separator.length && chunk[i + k] == separator[k]) {
                    k++;
                }
                if (k == separator.length) {
                    return from + i + separator.length;
                }
            }
            if (from == 0) {
                break;
            }
            to = from + separator.length - 1;
        }
        return 0;
    }

    private int read(byte[] into, long at, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, count);
        while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) > 0) {
            // until full or at the end
        }
        return buffer.position();
    }

    private void countRecords() throws IOException {
        byte[] chunk = new byte[64 * 1024];
        byte last = settings.separator[settings.separator.length - 1];
        records = 0;
        for (long at = 0; at < length; at += chunk.length) {
            count(chunk, read(chunk, at, (int) Math.min(chunk.length, length - at)), last);
        }
    }

    private void count(byte[] chunk, int n, byte last) {
        for (int i = 0; i < n; i++) {
            if (chunk[i] == last) {
                records++;
            }
        }
    }

    private boolean repairGzip(long provenFrom) throws IOException {
        // the length that was noted is the end of a member, unless somebody has changed the file since
        long from = provenFrom > 0 && provenFrom <= length && !settings.countRecords ? provenFrom : 0;
        byte[] chunk = new byte[64 * 1024];
        byte last = settings.separator[settings.separator.length - 1];
        long counted = 0;
        try (GzipMembers members = new GzipMembers(channel, from, 0)) {
            try {
                for (long member = from;;) {
                    int n = members.read(chunk, 0, chunk.length);
                    if (members.memberStart() != member) {
                        member = members.memberStart();
                        counted = records;
                    }
                    if (n < 0) {
                        return true;
                    }
                    count(chunk, n, last);
                }
            } catch (java.io.EOFException | ZipException e) {
                if (provenFrom < 0) {
                    return false;
                }
                LOG.infof("%s: removed %d bytes that the last run did not finish; their records come again", path,
                        length - members.memberStart());
                records = counted;
                channel.truncate(members.memberStart());
                channel.force(true);
                length = members.memberStart();
                return true;
            }
        }
    }

    /** Notes this file among the open ones. */
    void note(OpenFiles among) throws IOException {
        if (regular && among != null) {
            openFiles = among;
            slot = among.add(path, length, settings.durable);
        }
    }

    Path path() {
        return path;
    }

    /** Bytes of this file, those not yet committed included. */
    long end() {
        return end;
    }

    /** Committed bytes. */
    long length() {
        return length;
    }

    long records() {
        return records;
    }

    /** A record more has gone into the file. */
    void countRecord() {
        records++;
    }

    /** When a batch was last committed, in milliseconds since 1970; from an earlier run when none was in this one. */
    long lastWrite() {
        return lastWrite;
    }

    boolean isRegular() {
        return regular;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Whether the path still leads to this file, and nobody else has written to it. */
    boolean isStillThere() throws IOException {
        if (!regular) {
            return true;
        }
        mend();
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return now.isRegularFile() && now.size() == length && (key == null || key.equals(now.fileKey()));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    void write(byte[] bytes, int offset, int count) throws IOException {
        ByteBuffer buffer = settings.buffer;
        while (count > 0) {
            int n = Math.min(count, buffer.capacity());
            buffer.clear();
            buffer.put(bytes, offset, n);
            buffer.flip();
            while (buffer.hasRemaining()) {
                end += regular ? channel.write(buffer, end) : channel.write(buffer);
            }
            offset += n;
            count -= n;
        }
    }

    /** What was written counts from now on. */
    void commit(boolean force, long now) throws IOException {
        if (regular) {
            unforced = true;
            if (force) {
                force();
            }
            if (openFiles != null) {
                openFiles.update(slot, end);
            }
        }
        length = end;
        lastWrite = now;
    }

    /** Forces to the disk what isn't there yet. */
    void force() throws IOException {
        if (unforced) {
            channel.force(false);
            unforced = false;
        }
    }

    /** Takes back what came after a length. When that fails it is tried again before the next write. */
    void rollBack(long toLength, long toRecords) {
        length = toLength;
        records = toRecords;
        if (regular) {
            spoilt = true;
            try {
                mend();
                openFilesUpdate();
            } catch (IOException e) {
                LOG.debugf(e, "could not take back what was written to %s", path);
            }
        }
        end = length;
    }

    private void openFilesUpdate() throws IOException {
        if (openFiles != null) {
            openFiles.update(slot, length);
        }
    }

    private void mend() throws IOException {
        if (spoilt) {
            channel.truncate(length);
            spoilt = false;
        }
    }

    /** Closes the file; it stays noted as open when its end could not be mended. */
    void close(boolean force) throws IOException {
        try (channel) {
            if (!channel.isOpen()) {
                return;
            }
            mend();
            if (force) {
                force();
            }
            if (openFiles != null) {
                openFiles.remove(slot);
            }
        }
    }
}
