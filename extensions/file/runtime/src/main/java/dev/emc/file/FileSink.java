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
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

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

    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

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
    private boolean gzip;
    private boolean cloudEvents;
    private boolean forceBatches;
    private long maxSize;
    private long maxRecords;
    private long every;
    private long lastForce;
    private String lastRotated = "";
    private int lastNumber;

    private Deflater deflater;
    private byte[] deflated;
    private final CRC32 crc = new CRC32();
    private boolean inMember;

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
        gzip = config.compression() == FileSinkConfig.Compression.GZIP;
        forceBatches = config.fsync() == FileSinkConfig.Fsync.BATCH;
        FileSinkConfig.Rotate rotate = config.rotate();
        maxSize = rotate.size().map(MemorySize::asLongValue).orElse(Long.MAX_VALUE);
        maxRecords = rotate.records().map(Integer::longValue).orElse(Long.MAX_VALUE);
        every = rotate.every().map(Duration::toMillis).orElse(0L);
        settings = new SinkFile.Settings(opener, separator, gzip, ByteBuffer.allocateDirect(CHUNK),
                config.fsync() != FileSinkConfig.Fsync.NONE, maxRecords < Long.MAX_VALUE, this::rotatedName);
        if (gzip) {
            deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
            deflated = new byte[64 * 1024];
        }
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
        inMember = false;
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
            if (!gzip && file.end() + out.length() > maxSize && file.end() + before > 0 && file.isRegular()) {
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
                if (gzip && file.end() >= maxSize && file.isRegular()) {
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
        if (file.isRegular() && (isPeriodOver(file) || gzip && file.length() >= maxSize)) {
            Path target = rotatedName(file.path());
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
            if (gzip) {
                deflate(file, out.array(), count);
            } else {
                file.write(out.array(), 0, count);
            }
            out.removeFirst(count);
        }
    }

    private void finish(SinkFile file) throws IOException {
        if (inMember) {
            deflater.finish();
            deflateTo(file);
            byte[] trailer = new byte[8];
            ByteBuffer.wrap(trailer).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt((int) crc.getValue())
                    .putInt((int) deflater.getBytesRead());
            file.write(trailer, 0, trailer.length);
            inMember = false;
        }
        file.commit(forceBatches, clock.millis());
    }

    private void deflate(SinkFile file, byte[] bytes, int count) throws IOException {
        if (!inMember) {
            inMember = true;
            deflater.reset();
            crc.reset();
            file.write(GZIP_HEADER, 0, GZIP_HEADER.length);
        }
        crc.update(bytes, 0, count);
        deflater.setInput(bytes, 0, count);
        deflateTo(file);
    }

    private void deflateTo(SinkFile file) throws IOException {
        int n;
        while ((n = deflater.deflate(deflated, 0, deflated.length)) > 0) {
            file.write(deflated, 0, n);
        }
    }

    /** Finishes a file of this batch and gives it its final name. */
    private void rotate(String name, SinkFile file) throws IOException {
        finish(file);
        Path target = rotatedName(file.path());
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

    /** A name for a finished file that no file has. Finished files sort by name as by time. */
    private Path rotatedName(Path path) {
        String name = path.getFileName().toString();
        int suffix = suffix(name);
        StringBuilder prefix = new StringBuilder(name.substring(0, suffix)).append('-');
        PathPattern.appendDate(prefix, "yyyyMMddTHHmmss", LocalDateTime.ofInstant(clock.instant(), zone));
        String key = path.resolveSibling(prefix.append('-').toString()).toString();
        int number = key.equals(lastRotated) ? lastNumber : 0;
        Path target;
        do {
            number++;
            target = path.resolveSibling(prefix + "0".repeat(Math.max(0, 4 - Integer.toString(number).length())) + number
                    + name.substring(suffix));
        } while (Files.exists(target));
        lastRotated = key;
        lastNumber = number;
        return target;
    }

    /** Where the suffix of a name begins: {@code .ndjson}, {@code .ndjson.gz}. */
    private static int suffix(String name) {
        int dot = name.lastIndexOf('.');
        if (dot > 0 && name.endsWith(".gz")) {
            int inner = name.lastIndexOf('.', dot - 1);
            dot = inner > 0 ? inner : dot;
        }
        return dot > 0 ? dot : name.length();
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

    /** Deletes finished files that are too many or too old. */
    private void deleteOld() {
        if (rotated.isEmpty()) {
            return;
        }
        FileSinkConfig.Rotate rotate = config.rotate();
        if (rotate.keep().isPresent() || rotate.keepFor().isPresent()) {
            for (Path path : rotated) {
                deleteOld(path, rotate.keep().orElse(Integer.MAX_VALUE), rotate.keepFor().orElse(null));
            }
        }
        rotated.clear();
    }

    private void deleteOld(Path path, int keep, Duration keepFor) {
        String name = path.getFileName().toString();
        int suffix = suffix(name);
        String prefix = name.substring(0, suffix) + "-";
        String end = name.substring(suffix);
        Path folder = path.getParent() == null ? Path.of("") : path.getParent();
        try (Stream<Path> list = Files.list(folder)) {
            List<Path> finished = list.filter(file -> {
                String other = file.getFileName().toString();
                return other.length() > prefix.length() + end.length() && other.startsWith(prefix) && other.endsWith(end)
                        && other
                                .substring(prefix.length(), other.length() - end.length())
                                .matches("[0-9]{8}T[0-9]{6}-[0-9]{4,}");
            }).sorted().toList();
            Instant oldest = keepFor == null ? Instant.MIN : clock.instant().minus(keepFor);
            for (int i = 0; i < finished.size(); i++) {
                if (i < finished.size() - keep || Files.getLastModifiedTime(finished.get(i)).toInstant().isBefore(oldest)) {
                    Files.deleteIfExists(finished.get(i));
                }
            }
        } catch (IOException e) {
            LOG.warnf("could not delete old files in %s: %s", folder, IoErrors.reason(e));
        }
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
                        Path target = rotatedName(file.path());
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
        if (deflater != null) {
            deflater.end();
            deflater = null;
        }
        if (failed != null) {
            throw new RetryableException("could not close a file of " + config.path() + ": " + IoErrors.reason(failed), failed);
        }
    }
}
