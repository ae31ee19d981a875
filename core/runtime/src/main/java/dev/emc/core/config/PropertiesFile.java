package dev.emc.core.config;

import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;

import dev.emc.core.config.ConfigFile.Collector;

/** Config files as Java properties. */
final class PropertiesFile {

    private PropertiesFile() {}

    /** Splits into logical lines, so that places are known, and leaves escapes and separators to the JDK. */
    static void parse(String text, Collector collector) {
        var logical = new StringBuilder();
        int start = 1;
        int number = 0;
        for (String line : text.split("\r\n|\r|\n", -1)) {
            number++;
            if (logical.isEmpty()) {
                start = number;
                String content = line.stripLeading();
                if (content.isEmpty() || content.startsWith("#") || content.startsWith("!")) {
                    continue;
                }
            }
            logical.append(line).append('\n');
            if (!continues(line)) {
                entry(logical.toString(), start, collector);
                logical.setLength(0);
            }
        }
        if (!logical.isEmpty()) {
            entry(logical.toString(), start, collector);
        }
    }

    private static boolean continues(String line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private static void entry(String logical, int line, Collector collector) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(logical));
        } catch (IllegalArgumentException e) {
            collector.syntaxError(line, 1, "there is a malformed \\u escape", "write a backslash as \\\\");
            return;
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        for (String key : properties.stringPropertyNames()) {
            String value = properties.getProperty(key).stripTrailing();
            collector.value(key, value.isEmpty() ? null : value, line, 1);
        }
    }
}
