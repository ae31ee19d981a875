package dev.emc.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Says which file somebody probably meant. */
final class FileHints {

    private static final int MAX_FILES = 1_000;

    private FileHints() {}

    /** For a file that isn't there. */
    static String near(Path missing) {
        Path folder = missing.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return "its folder doesn't exist either";
        }
        String wanted = missing.getFileName().toString();
        List<String> names = configFiles(folder);
        String best = names.stream().filter(name -> stem(name).equals(stem(wanted))).findFirst()
                .orElseGet(() -> nearest(wanted, names));
        if (best != null) {
            return "did you mean " + sibling(missing, best) + "?";
        }
        return names.size() == 1 ? "there is " + sibling(missing, names.get(0)) : null;
    }

    /** The file of the nearest name; what comes after the dot makes no two names alike. */
    private static String nearest(String wanted, List<String> names) {
        String stem = Nearest.of(stem(wanted), names.stream().map(FileHints::stem).toList());
        return stem == null ? null : names.stream().filter(name -> stem(name).equals(stem)).findFirst().orElseThrow();
    }

    /** For a folder given in place of a file. */
    static String inside(Path folder) {
        List<String> names = configFiles(folder);
        return names.size() == 1 ? "did you mean " + folder.resolve(names.get(0)) + "?" : "give a file with --config";
    }

    private static Path sibling(Path missing, String name) {
        Path parent = missing.getParent();
        return parent == null ? Path.of(name) : parent.resolve(name);
    }

    private static List<String> configFiles(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.limit(MAX_FILES).map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json")
                            || name.endsWith(".properties"))
                    .sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
