package dev.emc.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.emc.api.Check;

/** Looks whether a sink will be able to write, without writing. */
final class FileSinkCheck {

    /** A disk with less room is as good as full, in bytes. */
    private static final long LEAST_ROOM = 16 << 20;

    private FileSinkCheck() {}

    static List<Check> of(FileSinkConfig config) throws IOException {
        if (config.path().equals("-")) {
            return List.of(Check.passed("standard output", "records go there"));
        }
        PathPattern pattern = new PathPattern(config.path(), ZoneOffset.UTC);
        List<Check> checks = new ArrayList<>();
        if (pattern.literal() != null && Files.exists(Path.of(pattern.literal()))) {
            Path file = Path.of(pattern.literal());
            checks.add(existing(file));
            if (!Files.isRegularFile(file)) {
                return checks;
            }
        }
        Path folder = Path.of(pattern.base()).toAbsolutePath().normalize();
        checks.add(folder(folder));
        Path there = existingPart(folder);
        if (Files.isDirectory(there)) {
            checks.add(room(there));
        }
        return checks;
    }

    private static Check existing(Path file) throws IOException {
        String subject = "file " + file;
        if (Files.isDirectory(file)) {
            return Check.failed(subject, "is a folder", "give connector.path the name of a file in it");
        }
        if (!Files.isWritable(file)) {
            return denied(subject);
        }
        return Check.passed(subject, Files.isRegularFile(file)
                ? String.format(Locale.ROOT, "is there with %,d bytes and can be appended to", Files.size(file))
                : "is a device or a pipe and can be written to");
    }

    private static Check folder(Path folder) {
        String subject = "folder " + folder;
        Path there = existingPart(folder);
        if (!Files.isDirectory(there)) {
            return Check.failed(subject, there + " is a file, not a folder", "correct connector.path");
        }
        if (!Files.isWritable(there)) {
            return there.equals(folder) ? denied(subject) : denied(subject, "can't be created: no permission in " + there);
        }
        return Check.passed(subject, there.equals(folder) ? "can be written to" : "is not there yet and can be created");
    }

    private static Check denied(String subject) {
        return denied(subject, "no permission to write");
    }

    private static Check denied(String subject, String message) {
        return Check.failed(subject, message + " for user '" + IoErrors.user() + "'", "change its rights or connector.path");
    }

    /** The folder, or the nearest one above it that is there. */
    private static Path existingPart(Path folder) {
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private static Check room(Path folder) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        String message = String.format(Locale.ROOT, "%,d MB free", free >> 20);
        return free < LEAST_ROOM
                ? Check.failed("disk of " + folder, message, "make room there, or correct connector.path")
                : Check.passed("disk of " + folder, message);
    }
}
