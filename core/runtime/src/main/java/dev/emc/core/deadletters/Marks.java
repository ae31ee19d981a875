package dev.emc.core.deadletters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Which dead letters were replayed. Ids are a prefix and a number that counts up, so that millions of them take little
 * memory.
 */
final class Marks {

    private final Map<String, BitSet> byPrefix = new HashMap<>();

    /** Takes in what a line of a file of marks says: an id, a space and the time of the replay. Other lines are passed over. */
    void line(byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        int space = text.indexOf(' ');
        // a line that was torn in a crash could name another letter
        if (space > 0 && text.endsWith("Z")) {
            add(text.substring(0, space));
        }
    }

    static String line(String id, String time) {
        return id + ' ' + time + '\n';
    }

    void add(String id) {
        int number = number(id);
        if (number >= 0) {
            byPrefix.computeIfAbsent(prefix(id), any -> new BitSet()).set(number);
        }
    }

    boolean contains(String id) {
        int number = number(id);
        BitSet known = number < 0 ? null : byPrefix.get(prefix(id));
        return known != null && known.get(number);
    }

    static Marks read(LineReader lines) throws IOException {
        Marks marks = new Marks();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            marks.line(line);
        }
        return marks;
    }

    private static String prefix(String id) {
        return id.substring(0, id.lastIndexOf('-'));
    }

    /** -1 when there is none. */
    private static int number(String id) {
        int dash = id.lastIndexOf('-');
        int digits = id.length() - dash - 1;
        if (dash < 1 || digits < 1 || digits > 9) {
            return -1;
        }
        int number = 0;
        for (int i = dash + 1; i < id.length(); i++) {
            int digit = id.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
