package dev.emc.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jboss.logging.Logger;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.FatalException;
import dev.emc.api.Guarantees;
import dev.emc.api.RetryableException;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;

/** Reads files and follows them. {@link #lag()} counts bytes, compressed where the files are. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, deliveryExcept = "standard input can't be read again after a restart", ordering = "as in each file; a retry may reorder, unless `ordering: strict`", idempotency = "what is read again has the same event `id`, made of the file's identity and the byte offset", testedWith = {
        "Linux 6.18", "ext4", "tmpfs"}, limits = {
                "Two sources can't share a file's lines: one of a name is active, others wait or are refused.",
                "What is cut off a file before it was read is lost: with `copytruncate` lines written in between."})
public class FileSource implements Source {

    private static final Logger LOG = Logger.getLogger(FileSource.class);

    /** Most bytes of one poll. */
    private static final long POLL_BYTES = 4 << 20;
    /** So many bytes come from one file before the others have their turn. */
    private static final long TURN_BYTES = 16 << 20;
    /** Longest time between two looks at the open files, in milliseconds. */
    private static final long MAX_PAUSE = 100;

    private final FileSourceConfig config;
    private final Window window = new Window();
    private FileSourceConfig.Format format;
    private boolean follow;
    private boolean onlyStreams;
    private long settle;
    private FileFinder finder;
    private FileSet set;
    private RecordReader reader;
    private WholeReader wholeReader;
    private TailedFile active;
    private long turnBytes;
    private int turn = -1;
    private long pause = 1;

    public FileSource(FileSourceConfig config) {
        this.config = config;
    }

    @Override
    public List<ConfigProblem> validate() {
        return FileSourceRules.check(config);
    }

    @Override
    public List<Check> check() throws FatalException {
        return FileSourceCheck.of(config);
    }

    @Override
    public void start(SourceContext context) throws Exception {
        Rules.refuse(validate());
        format = config.format();
        follow = config.follow();
        settle = config.settle().toNanos();
        int maxBytes = (int) Math.min(1 << 30, config.maxRecordBytes().asLongValue());
        String type = config.type().orElse("dev.emc.file." + switch (format) {
            case LINES, CLOUDEVENTS -> "line";
            case CSV -> "row";
            case WHOLE -> "whole";
        });
        List<String> paths = new ArrayList<>(config.path());
        List<TailedFile> streams = openStreams(paths);
        finder = new FileFinder(paths, config.exclude().orElse(List.of()), config.recursive());
        set = new FileSet(finder, follow, format == FileSourceConfig.Format.WHOLE, settle, config.scanInterval().toNanos(),
                context.positions());
        streams.forEach(set::add);
        onlyStreams = paths.isEmpty();
        reader = new RecordReader(config, window, maxBytes, type);
        wholeReader = new WholeReader(config, set, maxBytes, type);
        set.scan(null);
        for (Path path : finder.named()) {
            checkNamed(path);
        }
        if (set.files().isEmpty()) {
            String wanted = String.join(", ", config.path());
            if (follow) {
                LOG.infof("no file yet: waiting for %s", wanted);
            } else {
                LOG.warnf("there is no file for %s: nothing to read", wanted);
            }
        }
    }

    /** Standard input and pipes are read in another way than files. */
    private List<TailedFile> openStreams(List<String> paths) throws FatalException {
        List<TailedFile> streams = new ArrayList<>();
        for (String path : List.copyOf(paths)) {
            boolean standardInput = path.equals("-");
            Path file = IoErrors.path("connector.path", path);
            if (!standardInput && (!Files.exists(file) || Files.isRegularFile(file) || Files.isDirectory(file))) {
                continue;
            }
            if (format == FileSourceConfig.Format.WHOLE) {
                throw new FatalException("connector.format whole needs files with a name; standard input and pipes have "
                        + "lines, cloudevents or csv");
            }
            paths.remove(path);
            streams.add(standardInput
                    ? new TailedFile(new StreamInput(null), "-")
                    : new TailedFile(new StreamInput(file), file.toAbsolutePath().toString()));
        }
        return streams;
    }

    private void checkNamed(Path path) throws FatalException {
        IOException problem = finder.unreadable().get(path);
        if (problem == null && Files.isRegularFile(path) && !Files.isReadable(path)) {
            problem = new AccessDeniedException(path.toString());
        }
        if (problem == null && !follow && !Files.exists(path)) {
            problem = new NoSuchFileException(path.toString());
        }
        if (problem != null) {
            throw cantRead(path, problem);
        }
    }

    private static FatalException cantRead(Object path, IOException e) {
        return new FatalException("can't read " + path + " as user '" + IoErrors.user() + "': " + IoErrors.reason(e)
                + (e instanceof NoSuchFileException
                        ? "; correct connector.path, or wait for it with connector.follow: true"
                        : "; change its rights or connector.path"),
                e);
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws Exception {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            if (follow && set.isScanDue()) {
                set.scan(active);
            }
            List<SourceRecord> records = read(max);
            if (!records.isEmpty()) {
                pause = 1;
                return records;
            }
            if (isAllRead()) {
                if (set.failure() != null) {
                    throw set.failure();
                }
                return records;
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return records;
            }
            Thread.sleep(Math.min(left, pause));
            pause = Math.min(MAX_PAUSE, pause * 2);
        }
    }

    @Override
    public boolean commits() {
        return false;
    }

    @Override
    public boolean exhausted() {
        return isAllRead() && set.failure() == null; // else the next poll tells
    }

    private boolean isAllRead() {
        if (follow && !onlyStreams) {
            return false;
        }
        for (TailedFile file : set.files()) {
            if (!file.done) {
                return false;
            }
        }
        return true;
    }

    @Override
    public long lag() {
        long lag = 0;
        for (TailedFile file : set.files()) {
            if (file.isStream()) {
                return -1;
            }
            lag += Math.max(0, file.size - (file == active ? window.offset : Math.max(file.seen, file.offset)));
        }
        return lag;
    }

    private List<SourceRecord> read(int max) throws Exception {
        List<SourceRecord> records = new ArrayList<>(Math.min(max, 1024));
        long bytes = 0;
        try {
            while (records.size() < max && bytes < POLL_BYTES) {
                if (active == null && !activate(records)) {
                    break;
                }
                if (active == null) {
                    bytes += records.isEmpty() ? 0 : records.get(records.size() - 1).size();
                    continue; // a whole file was read
                }
                long before = window.offset;
                if (reader.next(active, records)) {
                    bytes += window.offset - before;
                    turnBytes += window.offset - before;
                } else {
                    drained(records);
                }
                if (active != null && turnBytes > TURN_BYTES && set.files().size() > 1 && !active.isInMembers()) {
                    endTurn();
                }
            }
        } catch (IOException e) {
            String path = active == null ? String.join(", ", config.path()) : active.pathText;
            if (active != null) {
                active.abandon(window);
                active = null;
            }
            if (records.isEmpty()) {
                throw new RetryableException("could not read " + path + ": " + IoErrors.reason(e), e);
            }
        } catch (FatalException e) {
            if (records.isEmpty()) {
                throw e;
            }
        }
        return records;
    }

    /** Gives the next file that has something its turn; false when none has. */
    private boolean activate(List<SourceRecord> records) throws Exception {
        List<TailedFile> files = set.files();
        int count = files.size();
        for (int i = 0; i < count && i < files.size(); i++) {
            turn = (turn + 1) % files.size();
            TailedFile file = files.get(turn);
            if (file.done || isBehindAnother(file)) {
                continue;
            }
            try {
                if (format == FileSourceConfig.Format.WHOLE ? wholeReader.read(file, records) : begin(file)) {
                    return true;
                }
            } catch (AccessDeniedException e) {
                set.complain(file.path, e);
                file.done = !follow;
            }
        }
        return false;
    }

    private boolean isBehindAnother(TailedFile file) throws IOException {
        TailedFile before = file.after;
        if (before == null) {
            return false;
        }
        if (before.done || before.currentSize() <= before.seen && before.pending == 0) {
            file.after = null;
            return false;
        }
        return true;
    }

    /** Begins the turn of a file when it has something new; else looks whether it is finished. */
    private boolean begin(TailedFile file) throws Exception {
        if (file.isStream()) {
            if (!file.stream().isReady()) {
                return false;
            }
        } else {
            long size = file.currentSize();
            boolean ends = isFinal(file);
            if (size == file.seen && !ends && file.isOpen() || size == 0 && !ends && file.offset == 0) {
                return false;
            }
            if (!set.open(file)) {
                return false;
            }
            size = file.currentSize();
            if (size < file.seen || !file.isCompressed() && size < file.offset) {
                set.truncated(file);
                return false;
            }
            if (size == file.seen && !(ends && file.pending > 0) || size == file.offset && !file.isCompressed()) {
                file.seen = size;
                if (ends) {
                    finish(file);
                }
                return false;
            }
        }
        file.damage = null;
        if (!file.begin(window)) {
            set.truncated(file);
            return false;
        }
        reader.begin(file);
        active = file;
        turnBytes = 0;
        return true;
    }

    private boolean isFinal(TailedFile file) {
        if (file.isStream()) {
            return file.stream().isEnded();
        }
        return !follow || file.retired && System.nanoTime() - Math.max(file.retiredAt, file.changedAt) >= settle;
    }

    /** The file has nothing more now. */
    private void drained(List<SourceRecord> records) throws Exception {
        TailedFile file = active;
        if (file.rewritten) {
            endTurn();
            set.truncated(file);
        } else if (isFinal(file)) {
            reader.remainder(file, records);
            endTurn();
            finish(file);
        } else {
            if (file.damage != null && !file.damage.equals(TailedFile.TORN)) {
                set.damaged(file);
            }
            endTurn();
        }
    }

    private void endTurn() throws IOException {
        TailedFile file = active;
        active = null;
        long before = file.offset;
        file.end(window);
        if (file.offset != before) {
            file.changedAt = System.nanoTime();
        }
    }

    /** Nothing more will come from this file. */
    private void finish(TailedFile file) throws IOException {
        if (file.damage != null) {
            set.damaged(file);
        }
        if (file.retired) {
            set.forget(file);
        } else {
            file.done = true;
            file.close();
        }
    }

    @Override
    public void close() throws Exception {
        if (set == null) {
            return;
        }
        for (TailedFile file : set.files()) {
            file.close();
        }
    }
}
