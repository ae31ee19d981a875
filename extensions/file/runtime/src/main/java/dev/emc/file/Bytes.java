package dev.emc.file;

import java.util.Arrays;

/** A growing array of bytes. */
final class Bytes {

    private static final int KEEP = 4 << 20;

    private static final int FIRST = 1024;

    private byte[] array = new byte[FIRST];
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
            grow(count);
        }
        System.arraycopy(bytes, offset, array, length, count);
        length += count;
    }

    void add(byte b) {
        if (length == array.length) {
            grow(1);
        }
        array[length++] = b;
    }

    private void grow(int count) {
        long wanted = Math.max(2L * array.length, (long) length + count);
        array = Arrays.copyOf(array, (int) Math.min(Integer.MAX_VALUE - 16, wanted));
    }

    byte[] copy() {
        return Arrays.copyOf(array, length);
    }

    /** Forgets the first bytes. */
    void removeFirst(int count) {
        length -= count;
        System.arraycopy(array, count, array, 0, length);
        if (length == 0 && array.length > KEEP) {
            array = new byte[FIRST];
        }
    }
}
