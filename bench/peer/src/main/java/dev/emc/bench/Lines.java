package dev.emc.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The payloads: lines of ASCII that begin with their number in {@link #DIGITS} digits. */
final class Lines {

    static final int DIGITS = 9;
    private static final String WORDS = " order accepted, paid and on its way;";

    private Lines() {}

    /** A line of so many bytes, without the newline. */
    static String line(long number, int bytes) {
        StringBuilder line = new StringBuilder(bytes + WORDS.length());
        String digits = Long.toString(number);
        line.append("0".repeat(DIGITS - digits.length())).append(digits);
        while (line.length() < bytes) {
            line.append(WORDS);
        }
        line.setLength(bytes);
        return line.toString();
    }

    /** A copy of a line with another number. */
    static byte[] numbered(byte[] line, int number) {
        byte[] copy = line.clone();
        for (int i = DIGITS - 1, rest = number; i >= 0; i--, rest /= 10) {
            copy[i] = (byte) ('0' + rest % 10);
        }
        return copy;
    }

    /** Writes lines 1 to {@code count}. */
    static void write(Path file, long count, int bytes) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            for (long number = 1; number <= count; number++) {
                out.write(line(number, bytes));
                out.write('\n');
            }
        }
    }

    /** The number of the line that begins there, or -1 when none does. */
    static int number(byte[] bytes, int start) {
        int number = 0;
        for (int i = start; i < start + DIGITS; i++) {
            if (i >= bytes.length || bytes[i] < '0' || bytes[i] > '9') {
                return -1;
            }
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }
}
