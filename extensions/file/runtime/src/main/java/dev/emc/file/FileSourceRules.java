package dev.emc.file;

import java.util.List;

import dev.emc.api.ConfigProblem;

/** What the settings of a source must fulfil beyond their types. */
final class FileSourceRules {

    private FileSourceRules() {}

    static List<ConfigProblem> check(FileSourceConfig config) {
        Rules rules = new Rules();
        for (String path : config.path()) {
            if (rules.path("path", path)) {
                pattern("path", () -> FileFinder.checkPath(path), rules);
            }
        }
        for (String name : config.exclude().orElse(List.of())) {
            pattern("exclude", () -> FileFinder.matcher(name), rules);
        }
        if (config.format() == FileSourceConfig.Format.WHOLE && config.path().contains("-")) {
            rules.problem("format", "whole needs files with a name, not standard input", "use lines, cloudevents or csv");
        }
        if (config.format() == FileSourceConfig.Format.CSV && !isDelimiter(config.delimiter())) {
            rules.problem("delimiter", "must be one ASCII character", "use for example ; or \\t");
        }
        rules.positive("max-record-bytes", config.maxRecordBytes().asLongValue());
        return rules.problems();
    }

    private static void pattern(String key, Runnable compile, Rules rules) {
        try {
            compile.run();
        } catch (IllegalArgumentException e) {
            rules.problem(key, e.getMessage(), null);
        }
    }

    private static boolean isDelimiter(String text) {
        String one = text.equals("\\t") ? "\t" : text;
        return one.length() == 1 && one.charAt(0) <= 126 && "\"\r\n".indexOf(one.charAt(0)) < 0;
    }

    /** What stands between two fields of a row. */
    static byte delimiter(FileSourceConfig config) {
        return (byte) (config.delimiter().equals("\\t") ? '\t' : config.delimiter().charAt(0));
    }
}
