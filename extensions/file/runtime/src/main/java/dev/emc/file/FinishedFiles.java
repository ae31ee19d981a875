package dev.emc.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;

import org.jboss.logging.Logger;

/** Files that rotation has finished: what they are called, and how long they stay. */
final class FinishedFiles {

    private static final Logger LOG = Logger.getLogger(FileSink.class);

    private final FileSinkConfig.Rotate config;
    private final ZoneId zone;
    private final Clock clock;
    private String lastPrefix = "";
    private int lastNumber;

    /** @param zone of the times in names */
    FinishedFiles(FileSinkConfig.Rotate config, ZoneId zone, Clock clock) {
        this.config = config;
        this.zone = zone;
        this.clock = clock;
    }

    /** A name for a finished file that no file has. Finished files sort by name as by time. */
    Path name(Path path) {
        String name = path.getFileName().toString();
        int suffix = suffix(name);
        StringBuilder prefix = new StringBuilder(name.substring(0, suffix)).append('-');
        PathPattern.appendDate(prefix, "yyyyMMddTHHmmss", LocalDateTime.ofInstant(clock.instant(), zone));
        String key = path.resolveSibling(prefix.append('-').toString()).toString();
        int number = key.equals(lastPrefix) ? lastNumber : 0;
        Path target;
        do {
            number++;
            target = path.resolveSibling(prefix + "0".repeat(Math.max(0, 4 - Integer.toString(number).length())) + number
                    + name.substring(suffix));
        } while (Files.exists(target));
        lastPrefix = key;
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

    /** Deletes those of a path that are too many or too old. */
    void deleteOld(Path path) {
        if (config.keep().isPresent() || config.keepFor().isPresent()) {
            deleteOld(path, config.keep().orElse(Integer.MAX_VALUE), config.keepFor().orElse(null));
        }
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
}
