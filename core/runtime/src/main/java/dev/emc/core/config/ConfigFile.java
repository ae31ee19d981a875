package dev.emc.core.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.emc.core.config.Problem.Severity;

/**
 * A config file as flat keys with their places. YAML, JSON ({@code .json}) and Java properties ({@code .properties});
 * values are taken as they are written: {@code on}, {@code 0x10} and dates stay text.
 *
 * @param name as the user gave it
 * @param entries in the order of the file; a key that stands twice is there once, with a problem
 * @param problems what is wrong with the file itself
 */
public record ConfigFile(String name, List<Entry> entries, List<Problem> problems) {

    /** Nobody writes a longer config file; a longer file is another file. */
    private static final long MAX_BYTES = 1 << 20;

    /**
     * One value.
     *
     * @param key dots between levels
     * @param text the value with all {@code ${…}} put in, several values with commas between them; null when the key
     *            has no value or it can't be resolved
     * @param list whether it was written as a list
     * @param dynamic whether it was written with {@code ${…}}: its text isn't to be shown
     * @param broken whether a problem was already reported for the value
     * @param line from 1
     * @param column from 1
     */
    public record Entry(String key, String text, boolean list, boolean dynamic, boolean broken, int line, int column) {}

    /** Reads and parses a file. Never throws for what is in it: see {@link #problems}. */
    public static ConfigFile read(Path path, Environment environment) {
        String name = path.toString();
        var collector = new Collector(name, environment);
        String text = content(path, name, collector);
        return text == null ? collector.file() : parse(text, collector);
    }

    /** Parses what would stand in a file of this name. */
    public static ConfigFile parse(String name, String text, Environment environment) {
        return parse(text, new Collector(name, environment));
    }

    private static ConfigFile parse(String text, Collector collector) {
        if (text.isBlank()) {
            collector.error(0, null, "the file is empty", null);
        } else if (collector.file.endsWith(".json")) {
            JsonFile.parse(text, collector);
        } else if (collector.file.endsWith(".properties")) {
            PropertiesFile.parse(text, collector);
        } else {
            YamlFile.parse(text, collector);
        }
        return collector.file();
    }

    private static String content(Path path, String name, Collector collector) {
        try {
            if (Files.isDirectory(path)) {
                collector.error(0, null, "is a folder, not a config file", FileHints.inside(path));
                return null;
            }
            if (Files.isRegularFile(path) && Files.size(path) > MAX_BYTES) {
                collector.error(0, null, "is longer than 1 MiB and can't be a config file",
                        "give the right file with --config");
                return null;
            }
            byte[] bytes = Files.readAllBytes(path);
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            collector.error(0, null, "the file does not exist", FileHints.near(path));
        } catch (AccessDeniedException e) {
            collector.error(0, null, "the file can't be read: permission denied", "give this user the right to read it");
        } catch (CharacterCodingException e) {
            collector.error(0, null, "the file is not UTF-8 text", "save it in UTF-8");
        } catch (IOException e) {
            collector.error(0, null, "the file can't be read: " + e.getMessage(), null);
        }
        return null;
    }

    /** Gathers entries while a file is parsed. */
    static final class Collector {

        /** Against files that blow up by aliases. */
        private static final int MAX_ENTRIES = 10_000;

        final String file;
        final List<Entry> entries = new ArrayList<>();
        final List<Problem> problems = new ArrayList<>();
        private final Environment environment;
        private final Map<String, Integer> lines = new HashMap<>();

        Collector(String file, Environment environment) {
            this.file = file;
            this.environment = environment;
        }

        ConfigFile file() {
            return new ConfigFile(file, entries, problems);
        }

        void error(int line, String key, String message, String suggestion) {
            problems.add(new Problem(Severity.ERROR, file, line, key, message, suggestion));
        }

        /** A syntax error, whose place is told to the column. */
        void syntaxError(int line, int column, String message, String suggestion) {
            problems.add(new Problem(Severity.ERROR, file + ":" + line + ":" + column, 0, null, message, suggestion));
        }

        /** A single value; null for none. */
        void value(String key, String written, int line, int column) {
            boolean dynamic = written != null && Interpolation.isDynamic(written);
            String text = written == null ? null : resolve(key, written, line);
            add(new Entry(key, text, false, dynamic, written != null && text == null, line, column));
        }

        /** Several values. */
        void values(String key, List<String> written, int line, int column) {
            var text = new StringBuilder();
            boolean dynamic = false;
            boolean broken = false;
            for (String item : written) {
                dynamic |= Interpolation.isDynamic(item);
                String value = resolve(key, item, line);
                broken |= value == null;
                if (!text.isEmpty()) {
                    text.append(',');
                }
                text.append(value == null ? "" : ValueList.escape(value));
            }
            add(new Entry(key, broken || written.isEmpty() ? null : text.toString(), true, dynamic, broken, line, column));
        }

        boolean isFull() {
            return entries.size() >= MAX_ENTRIES;
        }

        private String resolve(String key, String written, int line) {
            try {
                return Interpolation.resolve(written, environment);
            } catch (Interpolation.Unresolved e) {
                error(line, key, e.getMessage(), e.suggestion);
                return null;
            }
        }

        private void add(Entry entry) {
            Integer first = lines.putIfAbsent(entry.key(), entry.line());
            if (first != null) {
                error(entry.line(), entry.key(), "is set twice, first in line " + first, "remove one of them");
            } else if (!isFull()) {
                entries.add(entry);
            }
        }
    }
}
