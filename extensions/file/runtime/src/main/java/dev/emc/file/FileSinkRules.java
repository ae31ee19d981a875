package dev.emc.file;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import dev.emc.api.ConfigProblem;

/** What the settings of a sink must fulfil beyond their types. */
final class FileSinkRules {

    private FileSinkRules() {}

    static List<ConfigProblem> check(FileSinkConfig config) {
        Rules rules = new Rules();
        path(config.path(), rules);
        try {
            zone(config.timezone());
        } catch (DateTimeException e) {
            rules.problem("timezone", "\"" + config.timezone() + "\" is not known",
                    "use a name such as Europe/Berlin, UTC or local");
        }
        FileSinkConfig.Rotate rotate = config.rotate();
        rotate.size().ifPresent(size -> rules.positive("rotate.size", size.asLongValue()));
        rotate.records().ifPresent(records -> rules.positive("rotate.records", records));
        rotate.every().ifPresent(every -> rules.positive("rotate.every", every.toMillis()));
        if (rotate.keep().isPresent() && rotate.keep().get() < 0) {
            rules.problem("rotate.keep", "must be 0 or more", null);
        }
        rules.positive("max-open-files", config.maxOpenFiles());
        return rules.problems();
    }

    private static void path(String path, Rules rules) {
        PathPattern pattern;
        try {
            pattern = new PathPattern(path, ZoneOffset.UTC);
        } catch (IllegalArgumentException e) {
            rules.problem("path", e.getMessage(), null);
            return;
        }
        if (rules.path("path", path) && path.endsWith("/")) {
            rules.problem("path", "names a folder, not a file",
                    "add a name" + (pattern.literal() == null ? "" : ", such as " + path + "records.ndjson"));
        }
    }

    /** @throws DateTimeException when there is no zone of this name */
    static ZoneId zone(String name) {
        return switch (name) {
            case "UTC" -> ZoneOffset.UTC;
            case "local" -> ZoneId.systemDefault();
            default -> ZoneId.of(name);
        };
    }
}
