package dev.emc.file;

import java.util.Arrays;

/** A growing array of bytes. */
final class Bytes {

    private static final int KEEP = 4 << 20;

    private byte[] array = new byte[64 * 1024];
    private int length;

    byte[] array() {
        return array;
    }

    int length() {
        return length;
    }

    void add(byte[] bytes) {
        add(bytes, 0, bytes.length);
    }

    void add(byte[] bytes, int offset, int count) {
        if (array.length - length < count) {
            array = Arrays.copyOf(array,
                    (int) Math.min(Integer.MAX_VALUE - 16, Math.max(2L * array.length, (long) length + count)));
        }
        System.arraycopy(bytes, offset, array, length, count);
        length += count;
    }

    /** Forgets the first bytes. */
    void removeFirst(int count) {
        length -= count;
        System.arraycopy(array, count, array, 0, length);
        if (length == 0 && array.length > KEEP) {
            array = new byte[64 * 1024];
        }
    }
}
