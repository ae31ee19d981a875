package dev.emc.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jboss.logging.Logger;

import io.quarkus.runtime.configuration.MemorySize;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.Guarantees;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** Appends records to files. A batch is in its files as a whole, or after an error not at all. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, deliveryExcept = "with `connector.fsync: interval` or `none` a power cut may lose what was written last", ordering = "as received, in each file; a retry may reorder, unless `ordering: strict`", idempotency = "an event that comes again is written again; in the format `cloudevents` its `id` tells", testedWith = {
        "Linux 6.18", "ext4", "tmpfs"}, limits = {
                "One sink writes to a file at a time: a second one for the same path is refused.",
                "Standard output (`connector.path: -`) can't be forced to a disk: what the next program has not written is lost with it."})
public class FileSink implements Sink {

    private static final Logger LOG = Logger.getLogger(FileSink.class);

    /** So many bytes are put together for a write. */
    private static final int CHUNK = 512 * 1024;
    /** A file of a path pattern that got nothing for so long is closed, in milliseconds. */
    private static final long UNUSED = 60_000;

    private final FileSinkConfig config;
    /** Tests set the time and the size of the disk. */
    Clock clock = Clock.systemUTC();
    SinkFile.Opener opener = (path, options) -> FileChannel.open(path, options);
    private final Map<String, SinkFile> files = new LinkedHashMap<>(16, 0.75f, true);
    private final List<Undo> undo = new ArrayList<>();
    private final Set<Path> rotated = new LinkedHashSet<>();
    private final Bytes out = new Bytes();
    private ZoneId zone;
    private PathPattern pattern;
    private boolean standardOutput;
    private SinkFile.Settings settings;
    private OpenFiles openFiles;
    private byte[] separator;
    /** Null for files that aren't compressed. */
    private GzipMember gzip;
    private FinishedFiles finished;
    private boolean cloudEvents;
    private boolean forceBatches;
    private long maxSize;
    private long maxRecords;
    private long every;
    private long lastForce;

    /** What a file was before this batch, to make it so again. */
    private record Undo(SinkFile file, Path rotatedTo, long length, long records) {}

    public FileSink(FileSinkConfig config) {
        this.config = config;
    }

    @Override
    public List<ConfigProblem> validate() {
        return FileSinkRules.check(config);
    }

    @Override
    public List<Check> check() throws IOException {
        return FileSinkCheck.of(config);
    }

    @Override
    public void start(SinkContext context) throws Exception {
        Rules.refuse(validate());
        standardOutput = config.path().equals("-");
        zone = FileSinkRules.zone(config.timezone());
        pattern = new PathPattern(config.path(), zone);
        cloudEvents = config.format() == FileSinkConfig.Format.CLOUDEVENTS;
        separator = cloudEvents ? new byte[]{'\n'} : unescape(config.separator()).getBytes(StandardCharsets.UTF_8);
        boolean compressed = config.compression() == FileSinkConfig.Compression.GZIP;
        gzip = compressed ? new GzipMember() : null;
        forceBatches = config.fsync() == FileSinkConfig.Fsync.BATCH;
        FileSinkConfig.Rotate rotate = config.rotate();
        finished = new FinishedFiles(rotate, zone, clock);
        maxSize = rotate.size().map(MemorySize::asLongValue).orElse(Long.MAX_VALUE);
        maxRecords = rotate.records().map(Integer::longValue).orElse(Long.MAX_VALUE);
        every = rotate.every().map(Duration::toMillis).orElse(0L);
        settings = new SinkFile.Settings(opener, separator, compressed, ByteBuffer.allocateDirect(CHUNK),
                config.fsync() != FileSinkConfig.Fsync.NONE, maxRecords < Long.MAX_VALUE, finished::name);
        lastForce = clock.millis();
        if (standardOutput) {
            files.put("-", SinkFile.standardOutput(settings));
        } else {
            try {
                openFolder();
            } catch (ConnectorException | RuntimeException e) {
                release();
                throw e;
            }
        }
    }

    private static String unescape(String text) {
        return text.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t").replace("\\0", "\0");
    }

    /** Repairs what an earlier process left and opens the file, or for a pattern sees whether it will be possible. */
    private void openFolder() throws ConnectorException {
        String literal = pattern.literal();
        Path folder = IoErrors.path("connector.path", pattern.base());
        Path subject = literal == null ? folder : IoErrors.path("connector.path", literal);
        try {
            if (literal != null && Files.exists(subject) && !Files.isRegularFile(subject) && !Files.isDirectory(subject)) {
                return; // a device or a pipe: there is nothing to repair, and opening a pipe may block
            }
            if (!folder.toString().isEmpty()) {
                Files.createDirectories(folder);
            }
            String name = config.path().substring(pattern.base().isEmpty() ? 0 : pattern.base().length());
            name = "." + name.replaceFirst("^/", "").replaceAll("[^A-Za-z0-9._-]", "_") + ".emc";
            openFiles = OpenFiles.open(folder.resolve(name.length() > 200 ? name.substring(0, 200) + ".emc" : name));
            if (openFiles == null) {
                throw new RetryableException("another sink with connector.path '" + config.path()
                        + "' is running; give each sink its own, or end the other one");
            }
            for (OpenFiles.Entry entry : openFiles.entries()) {
                if (Files.isRegularFile(entry.path())) {
                    SinkFile.open(entry.path(), settings, entry.length()).close(false);
                }
            }
            openFiles.clear();
            if (literal != null) {
                file(literal);
            }
        } catch (IOException e) {
            String sentence = "can't write to " + (subject.toString().isEmpty() ? "the working directory" : subject)
                    + " as user '"
                    + IoErrors.user() + "': " + IoErrors.reason(e);
            if (IoErrors.isForGood(e)) {
                throw new FatalException(sentence + "; change its rights or connector.path", e);
            }
            throw new RetryableException(sentence, e);
        }
    }

    @Override
    public List<Failure> put(List<ConnectorRecord> batch) throws Exception {
        String writing = config.path();
        List<Failure> failures = new ArrayList<>(0);
        try {
            forceWhenDue();
            if (pattern.literal() != null) {
                write(pattern.literal(), batch, failures);
            } else {
                for (Map.Entry<String, List<ConnectorRecord>> group : group(batch, failures).entrySet()) {
                    writing = group.getKey();
                    write(writing, group.getValue(), failures);
                }
            }
        } catch (IOException e) {
            rollBack();
            if (standardOutput && IoErrors.isBrokenPipe(e)) {
                throw new FatalException("nobody reads the standard output of this sink any more", e);
            }
            String reason = IoErrors.reason(e);
            throw new RetryableException("could not write to " + writing + ": " + reason
                    + (reason.contains("space")
                            ? "; make room, the records are kept and tried again"
                            : "; the records are kept and tried again"),
                    e);
        } catch (ConnectorException | RuntimeException e) {
            rollBack();
            throw e;
        } finally {
            undo.clear();
        }
        deleteOld();
        return failures;
    }

    @Override
    public boolean ordered() {
        return true;
    }

    private Map<String, List<ConnectorRecord>> group(List<ConnectorRecord> batch, List<Failure> failures) {
        Instant now = clock.instant();
        Map<String, List<ConnectorRecord>> groups = new LinkedHashMap<>();
        for (ConnectorRecord record : batch) {
            try {
                groups.computeIfAbsent(pattern.expand(record, now), path -> new ArrayList<>()).add(record);
            } catch (PermanentException e) {
                failures.add(new Failure(record, e));
            }
        }
        return groups;
    }

    private void write(String name, List<ConnectorRecord> records, List<Failure> failures)
            throws IOException, ConnectorException {
        out.removeFirst(out.length());
        if (gzip != null) {
            gzip.begin();
        }
        SinkFile file = null;
        for (ConnectorRecord record : records) {
            int before = out.length();
            try {
                encode(record);
            } catch (EventFormatException e) {
                failures.add(new Failure(record, new PermanentException(e.getMessage(), e)));
                continue;
            }
            if (file == null) {
                file = begin(name);
            }
            if (gzip == null && file.end() + out.length() > maxSize && file.end() + before > 0 && file.isRegular()) {
                flush(file, before);
                rotate(name, file);
                file = begin(name);
            }
            file.countRecord();
            if (file.records() >= maxRecords && file.isRegular()) {
                flush(file, out.length());
                rotate(name, file);
                file = null;
            } else if (out.length() >= CHUNK) {
                flush(file, out.length());
                if (gzip != null && file.end() >= maxSize && file.isRegular()) {
                    rotate(name, file);
                    file = null;
                }
            }
        }
        if (file != null) {
            flush(file, out.length());
            finish(file);
        }
    }

    private void encode(ConnectorRecord record) throws EventFormatException {
        byte[] bytes = cloudEvents ? StructuredJson.write(record) : record.data();
        if (bytes != null) {
            out.add(bytes);
        }
        out.add(separator);
    }

    /** The file of this name, ready for records of this batch. */
    private SinkFile begin(String name) throws IOException, ConnectorException {
        SinkFile file = file(name);
        if (file.isRegular() && (isPeriodOver(file) || gzip != null && file.length() >= maxSize)) {
            Path target = finished.name(file.path());
            close(name, file);
            move(file.path(), target);
            file = file(name);
        }
        undo.add(new Undo(file, null, file.length(), file.records()));
        return file;
    }

    private SinkFile file(String name) throws IOException, ConnectorException {
        SinkFile file = files.get(name);
        if (file != null) {
            if (file.isStillThere()) {
                return file;
            }
            LOG.infof("%s was moved or changed by someone else: it is opened anew", name);
            close(name, file);
        }
        if (files.size() >= config.maxOpenFiles()) {
            Map.Entry<String, SinkFile> eldest = files.entrySet().iterator().next();
            close(eldest.getKey(), eldest.getValue());
        }
        file = SinkFile.open(IoErrors.path("connector.path", name), settings, -1);
        files.put(name, file);
        file.note(openFiles);
        return file;
    }

    private void close(String name, SinkFile file) throws IOException {
        files.remove(name);
        file.close(config.fsync() != FileSinkConfig.Fsync.NONE);
    }

    /** Hands the first bytes of {@code out} to the file. */
    private void flush(SinkFile file, int count) throws IOException {
        if (count > 0) {
            if (gzip != null) {
                gzip.write(file, out.array(), count);
            } else {
                file.write(out.array(), 0, count);
            }
            out.removeFirst(count);
        }
    }

    private void finish(SinkFile file) throws IOException {
        if (gzip != null) {
            gzip.finish(file);
        }
        file.commit(forceBatches, clock.millis());
    }

    /** Finishes a file of this batch and gives it its final name. */
    private void rotate(String name, SinkFile file) throws IOException {
        finish(file);
        Path target = finished.name(file.path());
        close(name, file);
        move(file.path(), target);
        for (int i = 0; i < undo.size(); i++) {
            Undo step = undo.get(i);
            if (step.file == file) {
                undo.set(i, new Undo(file, target, step.length, step.records));
            }
        }
    }

    private void move(Path path, Path target) throws IOException {
        try {
            Files.move(path, target);
            rotated.add(path);
        } catch (NoSuchFileException e) {
            LOG.debugf("%s is gone already", path);
        }
    }

    private boolean isPeriodOver(SinkFile file) {
        return every > 0 && file.length() > 0 && period(file.lastWrite()) != period(clock.millis());
    }

    private long period(long millis) {
        int offset = zone.getRules().getOffset(Instant.ofEpochMilli(millis)).getTotalSeconds();
        return Math.floorDiv(millis + offset * 1000L, every);
    }

    /** Makes all files what they were before the batch, the last change first. */
    private void rollBack() {
        for (int i = undo.size() - 1; i >= 0; i--) {
            Undo step = undo.get(i);
            if (step.rotatedTo == null && step.file.isOpen()) {
                step.file.rollBack(step.length, step.records);
            } else if (step.file.isRegular()) {
                cut(step.rotatedTo == null ? step.file.path() : step.rotatedTo, step.length);
            }
        }
    }

    private static void cut(Path path, long length) {
        try {
            if (length == 0) {
                Files.deleteIfExists(path);
            } else {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    channel.truncate(length);
                }
            }
        } catch (IOException e) {
            LOG.warnf("%s: could not take back the records of a failed batch (%s); they will be there twice", path,
                    IoErrors.reason(e));
        }
    }

    private void deleteOld() {
        rotated.forEach(finished::deleteOld);
        rotated.clear();
    }

    private void forceWhenDue() throws IOException {
        long passed = clock.millis() - lastForce;
        // when the clock was set back it is not known how long it was
        if (config.fsync() == FileSinkConfig.Fsync.INTERVAL
                && (passed >= config.fsyncInterval().toMillis() || passed < 0)) {
            lastForce = clock.millis();
            for (SinkFile file : files.values()) {
                file.force();
            }
        }
    }

    @Override
    public void idle() throws Exception {
        try {
            forceWhenDue();
            if (every > 0 || pattern.literal() == null) {
                for (Map.Entry<String, SinkFile> entry : List.copyOf(files.entrySet())) {
                    SinkFile file = entry.getValue();
                    if (file.isRegular() && isPeriodOver(file) && file.isStillThere()) {
                        Path target = finished.name(file.path());
                        close(entry.getKey(), file);
                        move(file.path(), target);
                    } else if (pattern.literal() == null && clock.millis() - file.lastWrite() > UNUSED) {
                        close(entry.getKey(), file);
                    }
                }
                deleteOld();
            }
        } catch (IOException e) {
            throw new RetryableException("could not finish a file of " + config.path() + ": " + IoErrors.reason(e), e);
        }
    }

    @Override
    public void close() throws Exception {
        release();
    }

    private void release() throws RetryableException {
        IOException failed = null;
        for (Map.Entry<String, SinkFile> entry : List.copyOf(files.entrySet())) {
            try {
                if (!standardOutput) {
                    close(entry.getKey(), entry.getValue());
                }
            } catch (IOException e) {
                failed = e;
            }
        }
        files.clear();
        try {
            if (openFiles != null) {
                openFiles.close();
                openFiles = null;
            }
        } catch (IOException e) {
            failed = e;
        }
        if (gzip != null) {
            gzip.close();
            gzip = null;
        }
        if (failed != null) {
            throw new RetryableException("could not close a file of " + config.path() + ": " + IoErrors.reason(failed), failed);
        }
    }
}
