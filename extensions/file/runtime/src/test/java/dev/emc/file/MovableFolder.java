package dev.emc.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder that can go away, as one on a disk that was unmounted: something else is in its place then. */
final class MovableFolder {

    private final Path parent;
    private final Path folder;

    MovableFolder() {
        try {
            parent = Files.createTempDirectory("emc-file");
            folder = Files.createDirectory(parent.resolve("disk"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return folder;
    }

    void moveAway() throws IOException {
        Files.move(folder, parent.resolve("unmounted"));
        Files.writeString(folder, "no folder");
    }

    void moveBack() throws IOException {
        Files.delete(folder);
        Files.move(parent.resolve("unmounted"), folder);
    }

    void delete() throws IOException {
        try (Stream<Path> tree = Files.walk(parent)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }
}
