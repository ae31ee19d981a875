package dev.emc.file;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.jboss.logging.Logger;

import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;
import dev.emc.file.FileFinder.Found;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** Reads files and follows them. */
public class FileSource implements Source {

    private static final Logger LOG = Logger.getLogger(FileSource.class);

    /** Most bytes of one poll. */
    private static final long POLL_BYTES = 4 << 20;
    /** So many bytes come from one file before the others have their turn. */
    private static final long TURN_BYTES = 16 << 20;
    /** Longest time between two looks at the open files, in milliseconds. */
    private static final long MAX_PAUSE = 100;
    private static final int MAX_OPEN = 256;

    /** What log rotation puts after a name: {@code .1}, {@code -20261122.gz}. */
    private static final Pattern ROTATED = Pattern.compile("[._-][0-9][0-9._:T-]*(\\.gz)?");

    private final FileSourceConfig config;
    private final List<TailedFile> files = new ArrayList<>();
    private final Map<String, TailedFile> byKey = new HashMap<>();
    /** How far files have been read that are not among {@code files}. */
    private final Map<String, Mark> known = new LinkedHashMap<>();
    /** Where those files were that are no longer where they were. */
    private final NavigableSet<String> traces = new TreeSet<>();
    private final Map<String, Long> copies = new HashMap<>();
    private final Set<Path> complained = new HashSet<>();
    private final Window window = new Window();
    private FileFinder finder;
    private FileSourceConfig.Format format;
    private boolean follow;
    private int maxBytes;
    private long settle;
    private String type;
    private String contentType;
    private Csv csv;
    private TailedFile active;
    private long turnBytes;
    private int turn = -1;
    private long nextScan;
    private long pause = 1;
    private FatalException failure;
    private boolean firstScan = true;

    public FileSource(FileSourceConfig config) {
        this.config = config;
    }

    @Override
    public void start(SourceContext context) throws Exception {
        format = config.format();
        follow = config.follow();
        maxBytes = (int) Math.min(1 << 30, config.maxRecordBytes().asLongValue());
        if (maxBytes < 1) {
            throw new FatalException("connector.max-record-bytes must be more than 0");
        }
        settle = config.settle().toNanos();
        type = config.type().orElse("dev.emc.file." + switch (format) {
            case LINES, CLOUDEVENTS -> "line";
            case CSV -> "row";
            case WHOLE -> "whole";
        });
        contentType = format == FileSourceConfig.Format.CSV ? "application/json" : "text/plain";
        if (format == FileSourceConfig.Format.CSV) {
            csv = new Csv(delimiter(config.delimiter()));
        }
        for (Position position : context.positions()) {
            Mark mark = Mark.of(position);
            if (mark != null) {
                known.put(mark.key(), mark);
            }
        }
        List<String> paths = new ArrayList<>(config.path());
        openStreams(paths);
        finder = new FileFinder(paths, config.exclude().orElse(List.of()), config.recursive());
        scan();
        for (Path path : finder.named()) {
            checkNamed(path);
        }
        if (follow && files.isEmpty()) {
            LOG.infof("no file yet: waiting for %s", String.join(", ", config.path()));
        }
    }

    private static byte delimiter(String text) throws FatalException {
        String one = text.equals("\\t") ? "\t" : text;
        if (one.length() != 1 || one.charAt(0) > 126 || "\"\r\n".contains(one)) {
            throw new FatalException("connector.delimiter '" + text + "' must be one ASCII character, such as ; or \\t");
        }
        return (byte) one.charAt(0);
    }

    /** Standard input and pipes are read in another way than files. */
    private void openStreams(List<String> paths) throws FatalException {
        for (String path : List.copyOf(paths)) {
            try {
                if (path.equals("-")) {
                    paths.remove(path);
                    add(new TailedFile(new StreamInput(new FileInputStream(FileDescriptor.in)), "-"));
                } else {
                    Path file = IoErrors.path("connector.path", path);
                    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
                        paths.remove(path);
                        add(new TailedFile(new StreamInput(new FileInputStream(file.toFile())),
                                file.toAbsolutePath().toString()));
                    }
                }
            } catch (IOException e) {
                throw cantRead(path, e);
            }
        }
        if (format == FileSourceConfig.Format.WHOLE && !files.isEmpty()) {
            throw new FatalException("connector.format whole needs files with a name; standard input and pipes have "
                    + "lines, cloudevents or csv");
        }
    }

    private void checkNamed(Path path) throws FatalException {
        IOException problem = finder.unreadable().get(path);
        if (problem == null && Files.isRegularFile(path) && !Files.isReadable(path)) {
            problem = new java.nio.file.AccessDeniedException(path.toString());
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
                + (e instanceof NoSuchFileException || e instanceof java.io.FileNotFoundException
                        ? "; correct connector.path, or wait for it with connector.follow: true"
                        : "; change its rights or connector.path"),
                e);
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws Exception {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            if (follow && System.nanoTime() - nextScan >= 0) {
                scan();
            }
            List<SourceRecord> records = read(max);
            if (!records.isEmpty()) {
                pause = 1;
                return records;
            }
            if (exhausted()) {
                if (failure != null) {
                    throw failure;
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
    public boolean exhausted() {
        if (follow && !(finder.named().isEmpty() && !files.isEmpty() && files.stream().allMatch(TailedFile::isStream))) {
            return false;
        }
        for (TailedFile file : files) {
            if (!file.done) {
                return false;
            }
        }
        return true;
    }

    @Override
    public long lag() {
        long lag = 0;
        for (TailedFile file : files) {
            if (file.isStream()) {
                return -1;
            }
            lag += Math.max(0, file.size - (file == active ? window.offset : Math.max(file.seen, file.offset)));
        }
        return lag;
    }

    // ---- which files there are

    private void scan() throws Exception {
        nextScan = System.nanoTime() + config.scanInterval().toNanos();
        Map<String, Found> found = finder.find();
        finder.unreadable().forEach(this::complain);
        if (firstScan) {
            for (Mark mark : known.values()) {
                if (!found.containsKey(mark.key())) {
                    traces.add(mark.path());
                }
            }
        }
        Map<Path, TailedFile> movedFrom = new HashMap<>();
        for (TailedFile file : List.copyOf(files)) {
            Found now = found.get(file.key);
            if (file.isStream()) {
                continue;
            }
            if (now == null || !now.path().equals(file.origin)) {
                movedFrom.put(file.origin, file);
            }
            if (now != null) {
                file.update(now);
                file.origin = now.path();
                file.retired = false;
            } else if (!file.retired) {
                retire(file);
            }
        }
        for (Found one : found.values()) {
            if (!byKey.containsKey(one.key())) {
                discover(one, movedFrom.get(one.path()));
            }
        }
        firstScan = false;
        closeUnused();
    }

    private void complain(Path path, IOException e) {
        if (complained.add(path)) {
            String sentence = "can't read " + path + " as user '" + IoErrors.user() + "': " + IoErrors.reason(e);
            LOG.warn(sentence);
            if (!follow) {
                fail(sentence);
            }
        }
    }

    /** Ends the source with an error, once all else has been read. */
    private void fail(String sentence) {
        if (failure == null) {
            failure = new FatalException(sentence + "; everything else was read");
        }
    }

    private void add(TailedFile file) {
        files.add(file);
        byKey.put(file.key, file);
    }

    private void retire(TailedFile file) throws IOException {
        file.retired = true;
        file.retiredAt = System.nanoTime();
        if (!file.isOpen() && !locate(file)) {
            giveUp(file);
        }
    }

    /** Looks for a file that is no longer where it was, among those that rotation may have made of it. */
    private static boolean locate(TailedFile file) throws IOException {
        for (Path sibling : siblings(file.path)) {
            Found found = Found.at(sibling);
            if (found != null && found.key().equals(file.key)) {
                file.update(found);
                return true;
            }
        }
        return false;
    }

    /** The file was deleted or moved to where nobody looks. */
    private void giveUp(TailedFile file) throws IOException {
        if (file.size > Math.max(file.seen, file.offset)) {
            LOG.warnf("%s was taken away before it was read to its end", file.pathText);
        }
        forget(file);
    }

    private void forget(TailedFile file) throws IOException {
        Mark mark = file.mark();
        if (mark != null) {
            known.put(file.key, mark);
            traces.add(mark.path());
        }
        file.done = true;
        file.close();
        files.remove(file);
        byKey.remove(file.key);
    }

    /** @param before what was at its path until now; null when nothing was */
    private void discover(Found found, TailedFile before) throws IOException {
        if (format == FileSourceConfig.Format.WHOLE) {
            Mark mark = known.get(found.key());
            TailedFile file = new TailedFile(found);
            if (mark != null && mark.modified() >= 0) {
                file.seen = mark.modified() == found.modified() && mark.offset() == found.size() ? found.modified() : -1;
                file.offset = file.seen >= 0 ? found.size() : 0;
            } else {
                file.seen = -1;
            }
            add(file);
            return;
        }
        Mark stale = known.get(found.key());
        Mark mark = null;
        try {
            if (isCopyInProgress(found)) {
                return;
            }
            mark = stale != null && matches(found, stale) ? stale : movedHere(found);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            complain(found.path(), e);
            return;
        }
        if (stale != null && mark != stale) {
            traces.add(stale.path());
        }
        TailedFile file = new TailedFile(found);
        if (mark != null) {
            file.resume(mark);
            known.remove(mark.key());
        }
        file.after = before != null || (firstScan || mark == null) && hasTrace(found.path())
                ? addRotated(found.path(), stale, found.key(), before)
                : null;
        add(file);
    }

    /** Whether a file was read at this path, or at one that rotation makes of it, that isn't there any more. */
    private boolean hasTrace(Path path) {
        String text = path.toString();
        String next = traces.ceiling(text);
        return next != null && next.startsWith(text);
    }

    private static boolean matches(Found found, Mark mark) throws IOException {
        return mark.modified() < 0 && mark.matches(found.path());
    }

    /** How far a file was read when it had another inode: it was compressed, restored or moved between file systems. */
    private Mark movedHere(Found found) throws IOException {
        Mark best = null;
        for (Mark mark : known.values()) {
            if (mark.offset() >= Mark.HEAD && (best == null || mark.offset() > best.offset()) && !byKey.containsKey(mark.key())
                    && !mark.key().equals(found.key()) && !isInUse(mark) && matches(found, mark)) {
                best = mark;
            }
        }
        return best;
    }

    /** Whether the file of a mark is still where it was. */
    private static boolean isInUse(Mark mark) throws IOException {
        Found there = Found.at(Path.of(mark.path()));
        return there != null && there.key().equals(mark.key()) && mark.matches(Path.of(mark.path()));
    }

    /**
     * Whether a new file looks like the copy that log rotation makes before it empties the original. It has to wait
     * until that has happened, else its lines would be read twice.
     */
    private boolean isCopyInProgress(Found found) throws IOException {
        if (!follow || files.isEmpty()) {
            return false;
        }
        long firstSeen = copies.computeIfAbsent(found.key(), key -> System.nanoTime());
        if (System.nanoTime() - firstSeen < settle) {
            for (TailedFile file : files) {
                if (!file.isStream() && isSibling(found.path(), file.path)) {
                    try (FileChannel channel = FileChannel.open(found.path(), StandardOpenOption.READ)) {
                        if (file.hasHeadOf(channel)) {
                            return true;
                        }
                    }
                }
            }
        }
        copies.remove(found.key());
        return false;
    }

    /** Whether a path looks like a rotated form of another: same folder, and a name that begins like the other's. */
    private static boolean isSibling(Path path, Path original) {
        return path.getParent().equals(original.getParent()) && !path.equals(original)
                && path.getFileName().toString().startsWith(stem(original));
    }

    private static String stem(Path path) {
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static List<Path> siblings(Path path) throws IOException {
        List<Path> siblings = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(path.getParent())) {
            for (Path other : stream) {
                if (isSibling(other, path)) {
                    siblings.add(other);
                }
            }
        } catch (NoSuchFileException e) {
            return siblings; // the folder is gone as well
        }
        return siblings;
    }

    /**
     * The files beside a path that were split off it by rotation and are not read to their end: the rest of what was
     * being read, and what came and went between two looks.
     *
     * @param lost what was read of a file that is no longer what it was; null when there is none
     * @param key the file that is at the path now
     */
    private List<TailedFile> rotatedSince(Path path, Mark lost, String key) throws IOException {
        String name = path.getFileName().toString();
        long newestKnown = Long.MAX_VALUE;
        List<Found> unknown = new ArrayList<>();
        Map<Found, Mark> rests = new HashMap<>();
        for (Path sibling : siblings(path)) {
            Found found = Found.at(sibling);
            if (found == null || found.key().equals(key)) {
                continue;
            }
            if (byKey.containsKey(found.key())) {
                newestKnown = newer(newestKnown, found);
                continue;
            }
            Mark mark = known.get(found.key());
            if (mark == null || !matches(found, mark)) {
                mark = lost != null && lost.offset() > 0 && matches(found, lost) ? lost : movedHere(found);
            }
            if (mark != null) {
                newestKnown = newer(newestKnown, found);
                if (mark.isAtEndOf(found.path())) {
                    known.put(found.key(), mark.movedTo(found.key(), found.path()));
                } else {
                    rests.put(found, mark);
                }
            } else if (sibling.getFileName().toString().startsWith(name)
                    && ROTATED.matcher(sibling.getFileName().toString().substring(name.length())).matches()) {
                unknown.add(found);
            }
        }
        List<TailedFile> rotated = new ArrayList<>();
        for (Map.Entry<Found, Mark> rest : rests.entrySet()) {
            TailedFile file = new TailedFile(rest.getKey());
            file.resume(rest.getValue());
            known.remove(rest.getValue().key());
            rotated.add(file);
        }
        for (Found found : unknown) {
            if (found.modified() >= newestKnown) {
                rotated.add(new TailedFile(found));
            }
        }
        rotated.sort(FileSource::byAge);
        for (TailedFile file : rotated) {
            file.retired = true;
            file.retiredAt = System.nanoTime();
        }
        return rotated;
    }

    /** Adds these files, each to be read after the one before it; returns the last one. */
    private TailedFile addRotated(Path path, Mark lost, String key, TailedFile before) throws IOException {
        TailedFile last = before;
        for (TailedFile rotated : rotatedSince(path, lost, key)) {
            rotated.origin = path;
            rotated.after = last;
            last = rotated;
            add(rotated);
        }
        return last;
    }

    /** The older of two rotated files first: {@code a.log.2} before {@code a.log.1} when their times don't tell. */
    private static int byAge(TailedFile one, TailedFile other) {
        int byTime = Long.compare(one.modified, other.modified);
        if (byTime != 0) {
            return byTime;
        }
        int byLength = Integer.compare(other.pathText.length(), one.pathText.length());
        return byLength != 0
                ? byLength
                : one.pathText.matches(".*\\.[0-9]{1,4}")
                        ? other.pathText.compareTo(one.pathText)
                        : one.pathText.compareTo(other.pathText);
    }

    private static long newer(long newest, Found found) {
        return newest == Long.MAX_VALUE ? found.modified() : Math.max(newest, found.modified());
    }

    /** Closes files that have given nothing for a while when there are many. */
    private void closeUnused() throws IOException {
        List<TailedFile> open = new ArrayList<>();
        for (TailedFile file : files) {
            if (file.isOpen() && file != active && !file.retired) {
                open.add(file);
            }
        }
        if (open.size() > MAX_OPEN) {
            open.sort(Comparator.comparingLong(file -> file.changedAt));
            for (TailedFile file : open.subList(0, open.size() - MAX_OPEN)) {
                file.close();
            }
        }
    }

    // ---- reading

    private List<SourceRecord> read(int max) throws Exception {
        List<SourceRecord> records = new ArrayList<>(Math.min(max, 1024));
        long bytes = 0;
        try {
            while (records.size() < max && bytes < POLL_BYTES) {
                if (active == null && !activate(records)) {
                    break;
                }
                if (active == null) {
                    continue; // a whole file was read
                }
                long before = window.offset;
                if (next(records)) {
                    bytes += window.offset - before;
                    turnBytes += window.offset - before;
                } else {
                    drained(records);
                }
                if (active != null && turnBytes > TURN_BYTES && files.size() > 1 && !active.isInMembers()) {
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
        int count = files.size();
        for (int i = 0; i < count && i < files.size(); i++) {
            turn = (turn + 1) % files.size();
            TailedFile file = files.get(turn);
            if (file.done || isBehindAnother(file)) {
                continue;
            }
            try {
                if (format == FileSourceConfig.Format.WHOLE ? readWhole(file, records) : begin(file)) {
                    return true;
                }
            } catch (java.nio.file.AccessDeniedException e) {
                complain(file.path, e);
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
            if (!open(file)) {
                return false;
            }
            size = file.currentSize();
            if (size < file.seen || !file.isCompressed() && size < file.offset) {
                truncated(file);
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
            truncated(file);
            return false;
        }
        if (csv != null) {
            csv.begin();
            if (file.header == null && file.offset > 0) {
                file.header = readHeader(file);
            }
        }
        active = file;
        turnBytes = 0;
        return true;
    }

    /** Opens a file wherever it is now; false when it can't be found, or will be found by the next scan. */
    private boolean open(TailedFile file) throws IOException {
        try {
            if (file.open()) {
                return true;
            }
        } catch (NoSuchFileException e) {
            LOG.debugf("%s is gone", file.path);
        }
        if (follow && !file.retired) {
            return false;
        }
        if (locate(file) && file.open()) {
            return true;
        }
        if (follow) {
            giveUp(file);
        } else {
            file.done = true;
            fail(file.pathText + " was moved away before it was read");
        }
        return false;
    }

    private boolean isFinal(TailedFile file) {
        if (file.isStream()) {
            return file.stream().isEnded();
        }
        return !follow || file.retired && System.nanoTime() - Math.max(file.retiredAt, file.changedAt) >= settle;
    }

    /** The file holds something else than before: its beginning is new, and what was not read yet may be in a copy. */
    private void truncated(TailedFile file) throws IOException {
        LOG.infof("%s was emptied or written anew: reading it from its beginning", file.pathText);
        Mark lost = file.mark();
        file.restart();
        if (!file.retired && follow) {
            file.after = addRotated(file.path, lost, file.key, null);
        }
    }

    /** Makes the next record, or goes a step towards it; false when there is nothing more in the file now. */
    private boolean next(List<SourceRecord> records) throws Exception {
        TailedFile file = active;
        while (true) {
            int end = format == FileSourceConfig.Format.CSV && !file.skipping
                    ? csv.rowEnd(window.bytes, window.scanned, window.end)
                    : lineEnd(window.bytes, window.scanned, window.end);
            if (file.skipping) {
                if (end >= 0) {
                    window.advance(end);
                    resumeAfterLong(file, records);
                    return true;
                }
                file.leftOut += window.end - window.start;
                window.advance(window.end);
            } else {
                int length = end >= 0 ? content(window.start, end) - window.start : window.end - window.start;
                if (length > maxBytes && (end >= 0 || length > maxBytes + 2)) {
                    tooLong(file, records);
                    return true;
                }
                if (end >= 0) {
                    emit(file, content(window.start, end), end, records);
                    return true;
                }
                window.scanned = window.end;
            }
            if (!window.fill(file)) {
                return false;
            }
        }
    }

    private static int lineEnd(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    /** Where the content of a line ends, whose line end ends at this index. */
    private int content(int start, int end) {
        int content = end;
        if (content > start && window.bytes[content - 1] == '\n') {
            content--;
            if (content > start && window.bytes[content - 1] == '\r'
                    && (config.stripCr() || format != FileSourceConfig.Format.LINES)) {
                content--;
            }
        }
        return content;
    }

    private void tooLong(TailedFile file, List<SourceRecord> records) throws Exception {
        FileSourceConfig.LongRecords policy = config.longRecords();
        boolean lines = format == FileSourceConfig.Format.LINES;
        int cut = window.start + maxBytes;
        if (lines && policy == FileSourceConfig.LongRecords.SPLIT) {
            for (int back = 0; back < 3 && (window.bytes[cut] & 0xc0) == 0x80 && cut > window.start + 1; back++) {
                cut--; // not within a character
            }
            emit(file, cut, cut, records);
            return;
        }
        if (lines && policy == FileSourceConfig.LongRecords.TRUNCATE) {
            file.held = Arrays.copyOfRange(window.bytes, window.start, cut);
        } else if (policy != FileSourceConfig.LongRecords.SKIP) {
            throw new FatalException((format == FileSourceConfig.Format.CSV && csv.isInQuotes() ? "the row" : "the record")
                    + " at byte " + window.offset + " of " + file.pathText + " is longer than connector.max-record-bytes, "
                    + maxBytes + " bytes"
                    + (format == FileSourceConfig.Format.CSV && csv.isInQuotes() ? ", because a quote in it is not closed" : "")
                    + "; raise it, or set connector.long-records: skip");
        }
        if (file.leftOut == 0) {
            LOG.warnf("%s: the record at byte %d is longer than %d bytes and is %s; further ones are too, without a word",
                    file.pathText, window.offset, maxBytes, file.held == null ? "left out" : "cut off");
        }
        file.leftOut++;
        file.heldAt = window.offset;
        file.skipping = true;
        window.advance(cut);
    }

    /** A line that was too long has ended. */
    private void resumeAfterLong(TailedFile file, List<SourceRecord> records) throws Exception {
        file.skipping = false;
        if (csv != null) {
            csv.begin();
        }
        if (file.held != null) {
            byte[] data = file.held;
            file.held = null;
            add(file, data, file.heldAt, window.start, records);
        }
    }

    /** Makes a record of the bytes from the start of the window to {@code to}, and goes on after {@code end}. */
    private void emit(TailedFile file, int to, int end, List<SourceRecord> records) throws Exception {
        int from = window.start;
        switch (format) {
            case LINES -> add(file, lines(file, Arrays.copyOfRange(window.bytes, from, to)), window.offset, end, records);
            case CLOUDEVENTS -> {
                if (!isBlank(from, to)) {
                    addEvent(file, from, to, end, records);
                }
            }
            case CSV -> row(file, from, to, end, records);
            case WHOLE -> throw new IllegalStateException("whole files have no records");
        }
        window.advance(end);
        if (csv != null) {
            csv.begin();
        }
    }

    private byte[] lines(TailedFile file, byte[] data) throws FatalException {
        if (config.invalidBytes() == FileSourceConfig.InvalidBytes.KEEP) {
            return data;
        }
        return validUtf8(file, data, config.invalidBytes() == FileSourceConfig.InvalidBytes.FAIL);
    }

    /** The same bytes when they are UTF-8, else with U+FFFD in the place of those that are not. */
    private byte[] validUtf8(TailedFile file, byte[] data, boolean strict) throws FatalException {
        for (byte b : data) {
            if (b < 0) {
                byte[] clean = new String(data, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
                if (strict && !Arrays.equals(clean, data)) {
                    throw new FatalException("the record at byte " + window.offset + " of " + file.pathText
                            + " is not UTF-8; set connector.invalid-bytes to keep or replace");
                }
                return clean;
            }
        }
        return data;
    }

    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (window.bytes[i] != ' ' && window.bytes[i] != '\t' && window.bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private void addEvent(TailedFile file, int from, int to, int end, List<SourceRecord> records) throws Exception {
        int begin = window.offset == 0 ? from + byteOrderMark(from, to) : from;
        SourceRecord.Builder builder = SourceRecord.at(file.position(window, end)).attribute("filepath", file.pathText)
                .attribute("fileoffset", Long.toString(window.offset));
        try {
            records.add(StructuredJson.fill(window.bytes, begin, to - begin, builder).build());
        } catch (EventFormatException e) {
            bad(file, "is no CloudEvent in JSON: " + e.getMessage());
        }
    }

    private int byteOrderMark(int from, int to) {
        byte[] bytes = window.bytes;
        return to - from >= 3 && bytes[from] == (byte) 0xef && bytes[from + 1] == (byte) 0xbb && bytes[from + 2] == (byte) 0xbf
                ? 3
                : 0;
    }

    private void bad(TailedFile file, String what) throws FatalException {
        String sentence = "the line at byte " + window.offset + " of " + file.pathText + " " + what;
        if (config.badRecords() == FileSourceConfig.BadRecords.FAIL) {
            throw new FatalException(sentence + (sentence.endsWith(".") ? "" : ".")
                    + " Correct it, or set connector.bad-records: skip");
        }
        if (file.leftOut++ == 0) {
            LOG.warnf("%s It is left out; further ones are too, without a word", sentence);
        }
    }

    private void row(TailedFile file, int from, int to, int end, List<SourceRecord> records) throws Exception {
        if (to == from) {
            return;
        }
        byte[] bytes = validUtf8(file, Arrays.copyOfRange(window.bytes, from, to),
                config.invalidBytes() == FileSourceConfig.InvalidBytes.FAIL);
        if (file.header == null) {
            int begin = window.offset == 0 ? byteOrderMark(from, to) : 0;
            file.header = csv.header(bytes, begin, bytes.length);
        } else {
            add(file, csv.row(file.header, bytes, 0, bytes.length), window.offset, end, records);
        }
    }

    /** The first row of a file that is read from somewhere else on. */
    private List<byte[]> readHeader(TailedFile file) throws IOException, FatalException {
        byte[] bytes = new byte[64 * 1024];
        int length = 0;
        try (GzipMembers members = new GzipMembers(file.channel(), 0, 0)) {
            while (true) {
                int n;
                if (file.isCompressed()) {
                    n = members.read(bytes, length, bytes.length - length);
                } else {
                    n = file.channel().read(java.nio.ByteBuffer.wrap(bytes, length, bytes.length - length), length);
                }
                if (n <= 0) {
                    throw new FatalException("the first row of " + file.pathText + " is not complete");
                }
                csv.begin();
                int end = csv.rowEnd(bytes, 0, length += n);
                csv.begin();
                if (end >= 0) {
                    int to = end - 1;
                    to -= to > 0 && bytes[to - 1] == '\r' ? 1 : 0;
                    int from = to >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf ? 3 : 0;
                    return csv.header(bytes, from, to);
                }
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * length);
                }
            }
        }
    }

    private void add(TailedFile file, byte[] data, long begin, int end, List<SourceRecord> records) throws IOException {
        records.add(SourceRecord.at(file.position(window, end)).data(data).contentType(contentType)
                .attribute("id", id(file, begin, data)).attribute("source", file.uri).attribute("type", type)
                .attribute("filepath", file.pathText).attribute("fileoffset", Long.toString(begin)).build());
    }

    /** The same for the same record after any restart; the checksum tells apart what a reused inode holds. */
    private static String id(TailedFile file, long begin, byte[] data) {
        return file.key + "-" + begin + "-" + Long.toHexString(Mark.sum(data, 0, data.length));
    }

    /** The file has nothing more now. */
    private void drained(List<SourceRecord> records) throws Exception {
        TailedFile file = active;
        if (file.rewritten) {
            endTurn();
            truncated(file);
        } else if (isFinal(file)) {
            remainder(file, records);
            endTurn();
            finish(file);
        } else if (file.damage != null && file.damage.contains("damaged")) {
            complain(file.path, new IOException(file.damage));
            endTurn();
        } else {
            endTurn();
        }
    }

    /** What stands after the last line end of a file that will not grow. */
    private void remainder(TailedFile file, List<SourceRecord> records) throws Exception {
        if (file.skipping) {
            resumeAfterLong(file, records);
        } else if (window.end > window.start && file.damage == null) {
            if (format == FileSourceConfig.Format.CSV && csv.isInQuotes()) {
                bad(file, "has a quote that is not closed.");
                window.advance(window.end);
            } else {
                emit(file, window.end, window.end, records);
            }
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
            String sentence = "could not read " + file.pathText + " to its end: " + file.damage;
            LOG.warn(sentence);
            if (!follow) {
                fail(sentence);
            }
        }
        if (file.retired) {
            forget(file);
        } else {
            file.done = true;
            file.close();
        }
    }

    // ---- whole files

    /** Reads a file that is new or has changed, once it has settled. */
    private boolean readWhole(TailedFile file, List<SourceRecord> records) throws Exception {
        boolean due = file.modified != file.seen || file.offset != file.size;
        if (!due || follow && System.nanoTime() - file.changedAt < settle
                && System.currentTimeMillis() - file.modified < TimeUnit.NANOSECONDS.toMillis(settle)) {
            file.done = !follow && !due;
            return false;
        }
        if (file.retired) {
            forget(file);
            return false;
        }
        if (!open(file)) {
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
            records.add(SourceRecord.at(Mark.wholePosition(file.partition, file.pathText, file.size, file.modified)).data(data)
                    .contentType(ContentTypes.of(file.path)).timestamp(Instant.ofEpochMilli(file.modified))
                    .attribute("id", id(file, file.modified, data)).attribute("source", file.uri).attribute("type", type)
                    .attribute("filepath", file.pathText).attribute("fileoffset", "0").build());
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
                        : file.channel().read(java.nio.ByteBuffer.wrap(chunk), all.length());
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
        } catch (java.io.EOFException | java.util.zip.ZipException e) {
            complain(file.path, e);
            return null;
        }
    }

    @Override
    public void close() throws Exception {
        for (TailedFile file : files) {
            file.close();
        }
    }
}
