package dev.emc.file;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;

/**
 * The path of a sink with words in braces, see {@link FileSinkConfig#path()}. What comes from events never leaves the
 * folder it stands in: it holds no separator and doesn't begin with a dot.
 */
final class PathPattern {

    /** Longest value of an attribute in a name; the rest becomes a checksum. File systems allow 255 bytes a name. */
    private static final int MAX_VALUE = 100;

    /** Longest name, with room for what rotation adds. */
    private static final int MAX_NAME = 225;

    private static final String DATE_LETTERS = "yMdHmsS";

    private final List<Part> parts = new ArrayList<>();
    private final String literal;
    private final String base;
    private final ZoneId zone;
    private final boolean dated;

    private record Part(Kind kind, String text) {}

    private enum Kind {
        LITERAL, ATTRIBUTE, DATE, TOPIC
    }

    /** @throws IllegalArgumentException when a brace isn't closed or a word can't be understood, for the user */
    PathPattern(String pattern, ZoneId zone) {
        this.zone = zone;
        int at = 0;
        while (at < pattern.length()) {
            int open = pattern.indexOf('{', at);
            if (open < 0) {
                parts.add(new Part(Kind.LITERAL, pattern.substring(at)));
                break;
            }
            if (open > at) {
                parts.add(new Part(Kind.LITERAL, pattern.substring(at, open)));
            }
            int close = pattern.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("has a '{' without '}'");
            }
            parts.add(word(pattern.substring(open + 1, close)));
            at = close + 1;
        }
        this.dated = parts.stream().anyMatch(part -> part.kind == Kind.DATE);
        int first = pattern.indexOf('{');
        this.literal = first < 0 ? pattern : null;
        int slash = (first < 0 ? pattern : pattern.substring(0, first)).lastIndexOf('/');
        this.base = slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash);
    }

    private static Part word(String word) {
        if (word.equals("topic")) {
            return new Part(Kind.TOPIC, word);
        }
        if (isDate(word)) {
            return new Part(Kind.DATE, word);
        }
        if (word.equals("time") || word.equals("data") || word.equals("datacontenttype")
                || !word.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9') || word.isEmpty()) {
            throw new IllegalArgumentException("'{" + word + "}' is no word for a path; use {topic}, an attribute of the event "
                    + "such as {type}, or a date such as {yyyy-MM-dd}");
        }
        return new Part(Kind.ATTRIBUTE, word);
    }

    /** Dates have runs of known lengths, so that an attribute such as {@code my} is none. */
    private static boolean isDate(String word) {
        boolean letters = false;
        for (int i = 0; i < word.length();) {
            int run = run(word, i);
            char c = word.charAt(i);
            switch (c) {
                case 'y' :
                    if (run != 4 && run != 2) {
                        return false;
                    }
                    break;
                case 'M', 'd', 'H', 'm', 's' :
                    if (run > 2) {
                        return false;
                    }
                    break;
                case 'S' :
                    if (run != 3) {
                        return false;
                    }
                    break;
                case '-', '_', '.', 'T' :
                    break;
                default :
                    return false;
            }
            letters |= DATE_LETTERS.indexOf(c) >= 0;
            i += run;
        }
        return letters;
    }

    private static int run(String word, int from) {
        int to = from + 1;
        while (to < word.length() && word.charAt(to) == word.charAt(from)) {
            to++;
        }
        return to - from;
    }

    /** The path when it is the same for all records; null otherwise. */
    String literal() {
        return literal;
    }

    /** The folder in which all files of the pattern lie; empty for the working directory. */
    String base() {
        return base;
    }

    /**
     * The path of a record.
     *
     * @param now stands in for the time that a record doesn't have
     * @throws PermanentException when a name would be longer than file systems allow
     */
    String expand(ConnectorRecord record, Instant now) throws PermanentException {
        if (literal != null) {
            return literal;
        }
        LocalDateTime time = null;
        if (dated) {
            time = LocalDateTime.ofInstant(record.timestamp() == null ? now : record.timestamp(), zone);
        }
        StringBuilder path = new StringBuilder(64);
        for (Part part : parts) {
            switch (part.kind) {
                case LITERAL -> path.append(part.text);
                case TOPIC -> appendSafe(path, record.topic());
                case ATTRIBUTE -> appendSafe(path, record.attribute(part.text));
                case DATE -> appendDate(path, part.text, time);
            }
        }
        checkNames(path);
        return path.toString();
    }

    private static void checkNames(StringBuilder path) throws PermanentException {
        int start = 0;
        for (int i = 0; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/') {
                if (i - start > MAX_NAME) {
                    throw new PermanentException("the file name '" + path.substring(start, start + 40)
                            + "…' that connector.path makes of this record is longer than " + MAX_NAME + " characters");
                }
                start = i + 1;
            }
        }
    }

    private static void appendSafe(StringBuilder path, String value) {
        if (value == null || value.isEmpty()) {
            path.append("unknown");
            return;
        }
        int start = path.length();
        boolean plain = value.charAt(0) != '.';
        for (int i = 0; plain && i < value.length(); i++) {
            plain = isPlain(value.charAt(i));
        }
        if (plain) {
            path.append(value);
        } else {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < bytes.length && path.length() - start <= 2 * MAX_VALUE; i++) {
                char c = (char) (bytes[i] & 0xff);
                if (isPlain(c) && !(c == '.' && i == 0)) {
                    path.append(c);
                } else {
                    path.append('%').append(hex(c >> 4)).append(hex(c & 15));
                }
            }
        }
        if (path.length() - start > MAX_VALUE) {
            CRC32 crc = new CRC32();
            crc.update(value.getBytes(StandardCharsets.UTF_8));
            path.setLength(start + MAX_VALUE - 9);
            path.append('-').append(String.format("%08x", crc.getValue()));
        }
    }

    private static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "._-+=@,~".indexOf(c) >= 0;
    }

    private static char hex(int digit) {
        return "0123456789ABCDEF".charAt(digit);
    }

    static void appendDate(StringBuilder path, String format, LocalDateTime time) {
        for (int i = 0; i < format.length();) {
            int run = run(format, i);
            switch (format.charAt(i)) {
                case 'y' -> appendPadded(path, run == 2 ? Math.floorMod(time.getYear(), 100) : time.getYear(), run);
                case 'M' -> appendPadded(path, time.getMonthValue(), run);
                case 'd' -> appendPadded(path, time.getDayOfMonth(), run);
                case 'H' -> appendPadded(path, time.getHour(), run);
                case 'm' -> appendPadded(path, time.getMinute(), run);
                case 's' -> appendPadded(path, time.getSecond(), run);
                case 'S' -> appendPadded(path, time.getNano() / 1_000_000, run);
                default -> path.append(format, i, i + run);
            }
            i += run;
        }
    }

    private static void appendPadded(StringBuilder path, int value, int width) {
        String digits = Integer.toString(value);
        for (int i = digits.length(); i < width; i++) {
            path.append('0');
        }
        path.append(digits);
    }
}
