package dev.emc.core.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Folders that survive a crash of the system. */
public final class Folders {

    private Folders() {}

    /**
     * Creates a folder with what is missing of the folders around it; all of them are durably there when it returns.
     *
     * @return the folders that had to be forced to the disk, because one was created in them
     */
    public static List<Path> create(Path folder) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path part = folder.toAbsolutePath(); part != null && !Files.exists(part); part = part.getParent()) {
            missing.push(part);
        }
        Files.createDirectories(folder);
        List<Path> parents = missing.stream().map(Path::getParent).toList();
        for (Path parent : parents) {
            sync(parent);
        }
        return parents;
    }

    /** Makes the names of the files in a folder durable. */
    public static void sync(Path folder) throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
