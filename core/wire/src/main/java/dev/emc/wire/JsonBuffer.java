package dev.emc.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Memory that events are written to as JSON, one after the other; it grows as needed. Used by one thread. */
public final class JsonBuffer {

    private static final int SMALL = 8 * 1024;
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

    private JsonBuffer raw(byte[] from, int start, int end) {
        ensure(end - start);
        System.arraycopy(from, start, bytes, length, end - start);
        length += end - start;
        return this;
    }

    /** Begins the next member of an object, not the first one. */
    JsonBuffer name(String name) {
        return raw(',').string(name).raw(':');
    }

    JsonBuffer value(Object value) {
        return value instanceof String text ? string(text) : raw(value.toString().getBytes(StandardCharsets.US_ASCII));
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
