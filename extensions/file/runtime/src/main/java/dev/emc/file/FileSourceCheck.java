package dev.emc.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.emc.api.Check;
import dev.emc.api.FatalException;
import dev.emc.file.FileFinder.Found;

/** Looks what a source will find to read, without reading it. */
final class FileSourceCheck {

    private FileSourceCheck() {}

    static List<Check> of(FileSourceConfig config) throws FatalException {
        List<Check> checks = new ArrayList<>();
        for (String path : config.path()) {
            checks.add(path.equals("-") ? Check.passed("standard input", "is read to its end") : of(path, config));
        }
        return checks;
    }

    private static Check of(String path, FileSourceConfig config) throws FatalException {
        FileFinder finder = new FileFinder(List.of(path), config.exclude().orElse(List.of()), config.recursive());
        Path file = Path.of(path);
        boolean pattern = finder.named().isEmpty();
        String subject = (pattern ? "pattern " : Files.isDirectory(file) ? "folder " : "file ") + path;
        if (!pattern && Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            return stream(subject, file, config);
        }
        Collection<Found> found = finder.find().values();
        for (Map.Entry<Path, IOException> problem : finder.unreadable().entrySet()) {
            return failed(subject, problem.getKey() + ": " + IoErrors.reason(problem.getValue()));
        }
        for (Found one : found) {
            if (!Files.isReadable(one.path())) {
                return failed(subject, one.path() + ": permission denied");
            }
        }
        if (!found.isEmpty()) {
            return Check.passed(subject, String.format(Locale.ROOT, "%,d %s, %,d bytes", found.size(),
                    found.size() == 1 ? "file" : "files", found.stream().mapToLong(Found::size).sum()));
        }
        if (config.follow()) {
            return Check.passed(subject, "no file yet: it is waited for");
        }
        return Check.failed(subject, pattern || Files.exists(file) ? "there is no file" : "no such file or folder",
                "correct connector.path, or wait for it with connector.follow: true");
    }

    private static Check stream(String subject, Path file, FileSourceConfig config) {
        if (config.format() == FileSourceConfig.Format.WHOLE) {
            return Check.failed(subject, "is a device or a pipe, and connector.format whole needs files",
                    "use lines, cloudevents or csv");
        }
        return Files.isReadable(file)
                ? Check.passed(subject, "is a device or a pipe and can be read")
                : failed(subject, "permission denied");
    }

    private static Check failed(String subject, String message) {
        return Check.failed(subject, message + " for user '" + IoErrors.user() + "'", "change its rights or connector.path");
    }
}
