package dev.emc.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jboss.logging.Logger;

import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.file.FileFinder.Found;

/**
 * The files of a source: finds new ones, and finds old ones again after they were renamed, rotated, copied, compressed
 * or emptied.
 */
final class FileSet {

    private static final Logger LOG = Logger.getLogger(FileSource.class);

    private static final int MAX_OPEN = 256;

    /** What log rotation puts after a name: {@code .1}, {@code -20261122.gz}. */
    private static final Pattern ROTATED = Pattern.compile("[._-][0-9][0-9._:T-]*(\\.gz)?");

    private final FileFinder finder;
    private final boolean follow;
    private final boolean whole;
    private final long settle;
    private final long interval;
    private final List<TailedFile> files = new ArrayList<>();
    private final Map<String, TailedFile> byKey = new HashMap<>();
    /** How far files have been read that are not among {@code files}. */
    private final List<Mark> known = new ArrayList<>();
    /** Where those files were that are no longer where they were. */
    private final NavigableSet<String> traces = new TreeSet<>();
    /** When files that look like copies were first seen, by {@link System#nanoTime()}. */
    private final Map<String, Long> copies = new HashMap<>();
    private final Set<Path> complained = new HashSet<>();
    private long nextScan;
    private boolean firstScan = true;
    private FatalException failure;

    /**
     * @param whole whether files are read as wholes and not followed line by line
     * @param settle nanoseconds after which nothing more is expected of a rotated file
     * @param interval nanoseconds between two scans
     * @param positions how far files were read before
     */
    FileSet(FileFinder finder, boolean follow, boolean whole, long settle, long interval, Collection<Position> positions) {
        this.finder = finder;
        this.follow = follow;
        this.whole = whole;
        this.settle = settle;
        this.interval = interval;
        for (Position position : positions) {
            Mark mark = Mark.of(position);
            if (mark != null) {
                known.add(mark);
            }
        }
    }

    /** All files that are being read or waited for. */
    List<TailedFile> files() {
        return files;
    }

    /** Why the source has to end with an error once all else is read; null when it hasn't. */
    FatalException failure() {
        return failure;
    }

    boolean isScanDue() {
        return System.nanoTime() - nextScan >= 0;
    }

    /** Says once that a file can't be read to its end. */
    void damaged(TailedFile file) {
        if (complained.add(file.path)) {
            String sentence = "could not read " + file.pathText + " to its end: " + file.damage;
            LOG.warn(sentence);
            if (!follow) {
                fail(sentence);
            }
        }
    }

    /** Looks which files there are now. @param active the file that is being read; it stays open */
    void scan(TailedFile active) throws IOException, FatalException {
        nextScan = System.nanoTime() + interval;
        Map<String, Found> found = finder.find();
        finder.unreadable().forEach(this::complain);
        if (firstScan) {
            for (Mark mark : known) {
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
        closeUnused(active);
    }

    /** Says once that a path can't be read. */
    void complain(Path path, IOException e) {
        if (complained.add(path)) {
            String sentence = "can't read " + path + " as user '" + IoErrors.user() + "': " + IoErrors.reason(e);
            LOG.warn(sentence);
            if (!follow) {
                fail(sentence);
            }
        }
    }

    /** Ends the source with an error, once all else has been read. */
    void fail(String sentence) {
        if (failure == null) {
            failure = new FatalException(sentence + "; everything else was read");
        }
    }

    void add(TailedFile file) {
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

    /** Nothing more is wanted from this file; how far it was read stays known. */
    void forget(TailedFile file) throws IOException {
        Mark mark = file.mark();
        if (mark != null) {
            known.add(mark);
            traces.add(mark.path());
        }
        file.done = true;
        file.close();
        files.remove(file);
        byKey.remove(file.key);
    }

    /** @param before what was at its path until now; null when nothing was */
    private void discover(Found found, TailedFile before) throws IOException {
        if (whole) {
            Mark mark = marksOf(found.key()).stream().filter(one -> one.modified() >= 0).findFirst().orElse(null);
            TailedFile file = new TailedFile(found);
            if (mark != null) {
                file.seen = mark.modified() == found.modified() && mark.offset() == found.size() ? found.modified() : -1;
                file.offset = file.seen >= 0 ? found.size() : 0;
            } else {
                file.seen = -1;
            }
            add(file);
            return;
        }
        List<Mark> stale = marksOf(found.key());
        Mark mark;
        try {
            if (isCopyInProgress(found)) {
                return;
            }
            mark = matching(found, stale);
            mark = mark != null ? mark : movedHere(found);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            complain(found.path(), e);
            return;
        }
        stale.remove(mark);
        stale.forEach(one -> traces.add(one.path()));
        TailedFile file = new TailedFile(found);
        if (mark != null) {
            file.resume(mark);
            known.remove(mark);
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

    /** How far files with this inode were read. */
    private List<Mark> marksOf(String key) {
        List<Mark> marks = new ArrayList<>();
        for (Mark mark : known) {
            if (mark.key().equals(key)) {
                marks.add(mark);
            }
        }
        return marks;
    }

    /** The farthest of these marks that stands in this file; null when none does. */
    private static Mark matching(Found found, List<Mark> marks) throws IOException {
        Mark best = null;
        for (Mark mark : marks) {
            if (mark.modified() < 0 && mark.offset() > (best == null ? 0 : best.offset()) && mark.matches(found.path())) {
                best = mark;
            }
        }
        return best;
    }

    /** How far a file was read when it had another inode: it was compressed, restored or moved between file systems. */
    private Mark movedHere(Found found) throws IOException {
        long head = known.isEmpty() ? -1 : Mark.headOf(found.path());
        if (head < 0) {
            return null; // too little to be sure
        }
        List<Mark> marks = new ArrayList<>();
        for (Mark mark : known) {
            TailedFile live = byKey.get(mark.key());
            if (mark.head() == head && mark.offset() >= Mark.HEAD && (live == null || !live.has(mark)) && !isInUse(mark)) {
                marks.add(mark);
            }
        }
        return matching(found, marks);
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
     * @param lost how far the file at the path was read when it was still something else
     * @param key the file that is at the path now
     */
    private List<TailedFile> rotatedSince(Path path, List<Mark> lost, String key) throws IOException {
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
            Mark mark = matching(found, marksOf(found.key()));
            mark = mark != null ? mark : matching(found, lost);
            mark = mark != null ? mark : movedHere(found);
            if (mark != null) {
                newestKnown = newer(newestKnown, found);
                if (mark.isAtEndOf(found.path())) {
                    known.add(mark.movedTo(found.key(), found.path()));
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
            known.remove(rest.getValue());
            rotated.add(file);
        }
        for (Found found : unknown) {
            if (found.modified() >= newestKnown) {
                rotated.add(new TailedFile(found));
            }
        }
        rotated.sort(FileSet::byAge);
        for (TailedFile file : rotated) {
            file.retired = true;
            file.retiredAt = System.nanoTime();
        }
        return rotated;
    }

    /** Adds these files, each to be read after the one before it; returns the last one. */
    private TailedFile addRotated(Path path, List<Mark> lost, String key, TailedFile before) throws IOException {
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
    private void closeUnused(TailedFile active) throws IOException {
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

    /** Opens a file wherever it is now; false when it can't be found, or will be found by the next scan. */
    boolean open(TailedFile file) throws IOException {
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

    /** The file holds something else than before: its beginning is new, and what was not read yet may be in a copy. */
    void truncated(TailedFile file) throws IOException {
        LOG.infof("%s was emptied or written anew: reading it from its beginning", file.pathText);
        Mark lost = file.mark();
        file.restart();
        if (lost != null) {
            known.add(lost);
        }
        if (!file.retired && follow) {
            file.after = addRotated(file.path, lost == null ? List.of() : List.of(lost), file.key, null);
        }
    }
}
