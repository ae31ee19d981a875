package dev.emc.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipException;

import org.jboss.logging.Logger;

import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.SourceRecord;
import dev.emc.file.FileFinder.Found;

/** Makes one record of each file. In its {@link TailedFile} {@code seen} is the time of modification that was sent. */
final class WholeReader {

    private static final Logger LOG = Logger.getLogger(FileSource.class);

    private final FileSourceConfig config;
    private final FileSet set;
    private final boolean follow;
    private final long settle;
    private final int maxBytes;
    private final String type;

    WholeReader(FileSourceConfig config, FileSet set, int maxBytes, String type) {
        this.config = config;
        this.set = set;
        this.follow = config.follow();
        this.settle = config.settle().toNanos();
        this.maxBytes = maxBytes;
        this.type = type;
    }

    /** Reads a file that is new or has changed, once it has settled; false when there is nothing to read now. */
    boolean read(TailedFile file, List<SourceRecord> records) throws IOException, FatalException {
        boolean due = file.modified != file.seen || file.offset != file.size;
        if (!due || follow && System.nanoTime() - file.changedAt < settle
                && System.currentTimeMillis() - file.modified < TimeUnit.NANOSECONDS.toMillis(settle)) {
            file.done = !follow && !due;
            return false;
        }
        if (file.retired) {
            set.forget(file);
            return false;
        }
        if (!set.open(file)) {
            return false;
        }
        long modified = file.modified;
        byte[] data = content(file);
        Found now = Found.at(file.path);
        boolean changed = now == null || now.modified() != modified || now.size() != file.size;
        if (now != null) {
            file.update(now);
        }
        if (follow && changed) {
            file.close();
            return false;
        }
        file.close();
        file.seen = file.modified;
        file.offset = file.size;
        file.done = !follow;
        if (data != null) {
            Position position = Mark.wholePosition(Mark.partition(file.key, -1), file.pathText, file.size, file.modified);
            // another id for each state of the file, the same after a restart
            records.add(file.record(position, file.modified, data, type).attribute("fileoffset", "0")
                    .contentType(ContentTypes.of(file.path)).timestamp(Instant.ofEpochMilli(file.modified)).build());
        }
        return true;
    }

    /** All bytes, uncompressed; null when they are too many and the file is to be left out. */
    private byte[] content(TailedFile file) throws IOException, FatalException {
        Bytes all = new Bytes();
        byte[] chunk = new byte[64 * 1024];
        try (GzipMembers members = new GzipMembers(file.channel(), 0, 0)) {
            boolean compressed = file.isCompressed();
            while (true) {
                int n = compressed
                        ? members.read(chunk, 0, chunk.length)
                        : file.channel().read(ByteBuffer.wrap(chunk), all.length());
                if (n <= 0) {
                    return all.copy();
                }
                all.add(chunk, 0, n);
                if (all.length() > maxBytes) {
                    String sentence = file.pathText + " is longer than connector.max-record-bytes, " + maxBytes + " bytes";
                    if (config.longRecords() != FileSourceConfig.LongRecords.SKIP) {
                        throw new FatalException(sentence + "; raise it, or set connector.long-records: skip");
                    }
                    LOG.warnf("%s: it is left out", sentence);
                    return null;
                }
            }
        } catch (EOFException | ZipException e) {
            file.damage = e.getMessage();
            set.damaged(file);
            return null;
        }
    }
}
