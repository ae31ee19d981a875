package dev.emc.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Memory that events are written to as JSON, one after the other; it grows as needed. Used by one thread. */
public final class JsonBuffer {

    private static final int SMALL = 8 * 1024;
    private static final int LONGEST_NUMBER = 20;
    /** What is kept for the next event. */
    private static final int KEPT = 1024 * 1024;
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    /** The letter of each control character's escape; 0 when it has none. */
    private static final byte[] LETTERS = new byte[' '];

    static {
        LETTERS['\b'] = 'b';
        LETTERS['\f'] = 'f';
        LETTERS['\n'] = 'n';
        LETTERS['\r'] = 'r';
        LETTERS['\t'] = 't';
    }

    private byte[] bytes;
    private int length;
    private JsonBuffer aside;

    public JsonBuffer() {
        this(SMALL);
    }

    /** @param capacity how many bytes are expected */
    JsonBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    /** What was written, from its first byte on; longer than {@link #length}. Shared, not copied. */
    public byte[] array() {
        return bytes;
    }

    /** How many bytes were written. */
    public int length() {
        return length;
    }

    /** Forgets what was written. */
    public void clear() {
        length = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[SMALL];
        }
    }

    /** Forgets what was written behind this length. */
    void truncate(int to) {
        length = to;
    }

    /** An empty buffer beside this one; always the same. */
    JsonBuffer aside() {
        if (aside == null) {
            aside = new JsonBuffer(128);
        }
        aside.clear();
        return aside;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
    }

    JsonBuffer raw(char c) {
        ensure(1);
        bytes[length++] = (byte) c;
        return this;
    }

    JsonBuffer raw(byte[] from) {
        return raw(from, 0, from.length);
    }

    JsonBuffer raw(JsonBuffer from) {
        return raw(from.bytes, 0, from.length);
    }

    private JsonBuffer raw(byte[] from, int start, int end) {
        ensure(end - start);
        System.arraycopy(from, start, bytes, length, end - start);
        length += end - start;
        return this;
    }

    /** Writes a number that isn't negative. */
    JsonBuffer number(long number) {
        ensure(LONGEST_NUMBER);
        int end = length + 1;
        for (long rest = number; rest > 9; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int i = end - 1; i >= length; i--, rest /= 10) {
            bytes[i] = (byte) ('0' + rest % 10);
        }
        length = end;
        return this;
    }

    /** Writes a number or a truth value. */
    JsonBuffer value(Object value) {
        return raw(value.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes text as a string; false, and nothing, when it is no valid Unicode. */
    boolean text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        // what half a surrogate pair has become
        boolean doubtful = Words.indexOf((byte) '?', utf8, 0, utf8.length) < utf8.length;
        if (doubtful && !KnownTexts.isUnicode(text)) {
            return false;
        }
        string(utf8);
        return true;
    }

    /** Writes text as a string; half a surrogate pair becomes a question mark. */
    JsonBuffer string(String text) {
        return string(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes text in UTF-8 as a string. */
    JsonBuffer string(byte[] utf8) {
        ensure(utf8.length + 2);
        return raw('"').inside(utf8).raw('"');
    }

    private JsonBuffer inside(byte[] utf8) {
        int start = 0;
        while (true) {
            int end = Words.endOfPlain(utf8, start, utf8.length);
            raw(utf8, start, end);
            if (end == utf8.length) {
                return this;
            }
            escape(utf8[end]);
            start = end + 1;
        }
    }

    private void escape(byte b) {
        ensure(6);
        bytes[length++] = '\\';
        byte letter = b >= ' ' ? b : LETTERS[b];
        if (letter != 0) {
            bytes[length++] = letter;
            return;
        }
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[b >> 4];
        bytes[length++] = HEX[b & 15];
    }

    /** Writes bytes as a string in base64. */
    JsonBuffer base64(byte[] data) {
        return raw('"').raw(Base64.getEncoder().encode(data)).raw('"');
    }
}
