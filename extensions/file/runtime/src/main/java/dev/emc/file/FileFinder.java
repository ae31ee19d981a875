package dev.emc.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.emc.api.FatalException;

/** Finds the files that the paths of a source mean. */
final class FileFinder {

    /**
     * A regular file.
     *
     * @param path absolute
     * @param key what it is, whatever it is called: device and inode
     * @param modified in milliseconds since 1970
     */
    record Found(Path path, String key, long size, long modified) {

        /** @return null when there is no regular file */
        static Found at(Path path) throws IOException {
            try {
                return of(path, Files.readAttributes(path, BasicFileAttributes.class));
            } catch (NoSuchFileException e) {
                return null;
            }
        }

        private static Found of(Path path, BasicFileAttributes attributes) {
            return attributes.isRegularFile()
                    ? new Found(path, key(path, attributes), attributes.size(), attributes.lastModifiedTime().toMillis())
                    : null;
        }

        /** Unix says {@code (dev=fe00,ino=4711)}; where there is nothing of that kind the path has to do. */
        private static String key(Path path, BasicFileAttributes attributes) {
            Object key = attributes.fileKey();
            return key == null
                    ? path.toString()
                    : key.toString().replace("(dev=", "").replace("ino=", "").replace(')', ' ').replace(',', '-').strip();
        }
    }

    private final List<Spec> specs = new ArrayList<>();
    private final List<PathMatcher> exclude = new ArrayList<>();
    private final boolean recursive;
    /** What could not be read in the last search, with the reason. */
    private final Map<Path, IOException> unreadable = new LinkedHashMap<>();

    /** A path as written, absolute; {@code pattern} when it has wildcards and is no file itself. */
    private record Spec(Path path, boolean pattern) {}

    FileFinder(List<String> paths, List<String> exclude, boolean recursive) throws FatalException {
        this.recursive = recursive;
        for (String path : paths) {
            Path absolute = IoErrors.path("connector.path", path).toAbsolutePath().normalize();
            specs.add(new Spec(absolute, hasWildcard(path) && !Files.exists(absolute)));
        }
        for (String name : exclude) {
            this.exclude.add(matcher(name));
        }
    }

    /** @throws IllegalArgumentException when it is no pattern, for the user */
    static PathMatcher matcher(String glob) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + glob);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + glob + "\" is no pattern of file names: " + e.getMessage().lines().findFirst().orElse(""), e);
        }
    }

    /** @throws IllegalArgumentException when the path has a part that is no pattern, and is no file itself; for the user */
    static void checkPath(String path) {
        if (hasWildcard(path) && !Files.exists(Path.of(path))) {
            Path.of(path).forEach(name -> matcher(name.toString()));
        }
    }

    private static boolean hasWildcard(String name) {
        return name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.indexOf('[') >= 0 || name.indexOf('{') >= 0;
    }

    /** The paths that name one file or folder. */
    List<Path> named() {
        return specs.stream().filter(spec -> !spec.pattern).map(Spec::path).toList();
    }

    /** What could not be read in the last search, with the reason. */
    Map<Path, IOException> unreadable() {
        return unreadable;
    }

    /** All files by their keys, those not modified for longest first. */
    Map<String, Found> find() {
        unreadable.clear();
        List<Found> all = new ArrayList<>();
        for (Spec spec : specs) {
            if (spec.pattern) {
                expand(spec.path.getRoot(), spec.path, 0, all, new HashSet<>());
            } else {
                addPath(spec.path, all);
            }
        }
        all.sort(Comparator.comparingLong(Found::modified).thenComparing(Found::path));
        Map<String, Found> found = new LinkedHashMap<>();
        for (Found file : all) {
            found.putIfAbsent(file.key, file);
        }
        return found;
    }

    private void addPath(Path path, List<Found> all) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                addFolder(path, all, new HashSet<>());
            } else {
                add(path, attributes, all);
            }
        } catch (IOException e) {
            Path parent = existingParent(path);
            if (!Files.isDirectory(parent)) {
                // Java 17 says so, Java 25 says that there is no such file, and that might come later
                unreadable.put(path, new FileSystemException(path.toString(), null, parent + " is not a folder"));
            } else if (!(e instanceof NoSuchFileException)) {
                unreadable.put(path, e);
            }
        }
    }

    private static Path existingParent(Path path) {
        Path parent = path.getParent();
        while (!Files.exists(parent)) {
            parent = parent.getParent();
        }
        return parent;
    }

    private void add(Path path, BasicFileAttributes attributes, List<Found> all) {
        Found file = Found.of(path, attributes);
        if (file != null && exclude.stream().noneMatch(glob -> glob.matches(path.getFileName()))) {
            all.add(file);
        }
    }

    private void addFolder(Path folder, List<Found> all, Set<Object> seen) {
        for (Path path : list(folder)) {
            if (isHidden(path)) {
                continue;
            }
            BasicFileAttributes attributes = attributes(path);
            if (attributes == null) {
                continue;
            }
            if (!attributes.isDirectory()) {
                add(path, attributes, all);
            } else if (recursive && firstSight(path, attributes, seen)) {
                addFolder(path, all, seen);
            }
        }
    }

    /** Goes down the names of a pattern from the given one on. */
    private void expand(Path folder, Path pattern, int index, List<Found> all, Set<Object> seen) {
        String name = pattern.getName(index).toString();
        boolean last = index == pattern.getNameCount() - 1;
        if (!hasWildcard(name)) {
            Path next = folder.resolve(name);
            if (last) {
                addPath(next, all);
            } else {
                expand(next, pattern, index + 1, all, seen);
            }
            return;
        }
        boolean anyDepth = name.equals("**");
        if (anyDepth && !last) {
            expand(folder, pattern, index + 1, all, new HashSet<>());
        }
        PathMatcher matcher = matcher(name);
        for (Path path : list(folder)) {
            if (isHidden(path) && !name.startsWith(".")) {
                continue;
            }
            BasicFileAttributes attributes = attributes(path);
            if (attributes == null || !matcher.matches(path.getFileName())) {
                continue;
            }
            if (attributes.isDirectory()) {
                if (anyDepth && firstSight(path, attributes, seen)) {
                    expand(path, pattern, index, all, seen);
                } else if (!anyDepth && !last) {
                    expand(path, pattern, index + 1, all, seen);
                }
            } else if (last) {
                add(path, attributes, all);
            }
        }
    }

    /** Links can make circles of folders. */
    private static boolean firstSight(Path path, BasicFileAttributes attributes, Set<Object> seen) {
        return seen.add(attributes.fileKey() == null ? path : attributes.fileKey());
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            unreadable.put(path, e);
            return null;
        }
    }

    private List<Path> list(Path folder) {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(paths::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return paths;
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            unreadable.put(folder, e instanceof IOException io ? io : (IOException) e.getCause());
        }
        return paths;
    }
}
