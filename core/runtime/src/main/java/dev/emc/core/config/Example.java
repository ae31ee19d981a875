package dev.emc.core.config;

import java.util.List;

import dev.emc.core.config.Descriptor.Key;

/** Example values of keys. */
final class Example {

    private static final List<String> MARKS = List.of("for example `", "such as `");

    private Example() {}

    /** The default, else what the documentation gives behind "for example" or "such as", else one that fits the type. */
    static String value(Key key) {
        if (key.defaultValue() != null) {
            return Values.defaultText(key);
        }
        for (String mark : MARKS) {
            int start = key.doc().indexOf(mark) + mark.length();
            int end = key.doc().indexOf('`', start);
            if (start >= mark.length() && end > 0 && isValid(key, key.doc().substring(start, end))) {
                return key.doc().substring(start, end);
            }
        }
        String last = key.name().substring(key.name().lastIndexOf('.') + 1);
        return switch (key.type()) {
            case BOOLEAN -> "true";
            case INTEGER, LONG -> last.endsWith("port") ? "8080" : "100";
            case NUMBER -> "0.5";
            case DURATION -> "10s";
            case SIZE -> "1M";
            case PATH -> "data/records.ndjson";
            case ENUM -> key.values().isEmpty() ? "value" : key.values().get(0);
            case MAP -> "value";
            case STRING -> switch (last) {
                case "name" -> "my-worker";
                case "group" -> "my-group";
                case "topic" -> "orders";
                case "path", "file" -> "data/records.ndjson";
                case "url" -> "http://127.0.0.1:8080/";
                case "address" -> "127.0.0.1:8080";
                case "host" -> "127.0.0.1";
                default -> key.secret() ? "${" + Environment.variableOf(key.name()) + "}" : last;
            };
        };
    }

    private static boolean isValid(Key key, String value) {
        try {
            Values.normalise(key, value);
            return true;
        } catch (Values.BadValue e) {
            return false;
        }
    }

    /** As a YAML scalar. */
    static String quoted(String value) {
        return isPlain(value)
                ? value
                : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
                        .replace("\t", "\\t") + '"';
    }

    private static boolean isPlain(String value) {
        if (value.isEmpty() || value.equals("~") || value.equals("null") || value.equals("-") || value.startsWith("- ")
                || "!&*[]{}#|>@`\"'%,?: ".indexOf(value.charAt(0)) >= 0 || value.endsWith(" ") || value.endsWith(":")) {
            return false;
        }
        return !value.contains(": ") && !value.contains(" #") && value.chars().allMatch(c -> c >= ' ');
    }
}
