package dev.emc.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for bytes of a kind, eight at a time: most payloads are long and plain. */
public final class Words {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    /** Odd, with as many ones as zeros. */
    private static final long FACTOR = 0x9E3779B97F4A7C15L;
    private static final long OTHER_FACTOR = 0xD1B54A32D192ED03L;

    private Words() {}

    /** Index of the first byte that isn't ASCII; {@code to} when there is none. */
    public static int endOfAscii(byte[] bytes, int from, int to) {
        int i = from;
        while (i <= to - 8 && ((long) LONG.get(bytes, i) & HIGH_BITS) == 0) {
            i += 8;
        }
        while (i < to && bytes[i] >= 0) {
            i++;
        }
        return i;
    }

    /** Index of the first byte that is this one; {@code to} when there is none. */
    public static int indexOf(byte wanted, byte[] bytes, int from, int to) {
        long all = ONES * (wanted & 0xFF);
        int i = from;
        while (i <= to - 8) {
            long other = (long) LONG.get(bytes, i) ^ all;
            if ((other - ONES & ~other & HIGH_BITS) != 0) {
                break;
            }
            i += 8;
        }
        while (i < to && bytes[i] != wanted) {
            i++;
        }
        return i;
    }

    /**
     * Index of the first byte that can't stand in a JSON string as it is: a control character, a quote or a backslash;
     * {@code to} when there is none.
     */
    static int endOfPlain(byte[] bytes, int from, int to) {
        int i = from;
        while (i <= to - 8 && special((long) LONG.get(bytes, i)) == 0) {
            i += 8;
        }
        while (i < to && plain(bytes[i])) {
            i++;
        }
        return i;
    }

    /** Index of the first byte that isn't ASCII or can't stand in a JSON string as it is; {@code to} when there is none. */
    static int endOfPlainAscii(byte[] bytes, int from, int to) {
        int i = from;
        while (i <= to - 8) {
            long word = (long) LONG.get(bytes, i);
            if ((special(word) | word & HIGH_BITS) != 0) {
                break;
            }
            i += 8;
        }
        while (i < to && bytes[i] >= 0 && plain(bytes[i])) {
            i++;
        }
        return i;
    }

    /** A number of no meaning that is the same for the same bytes, and mostly another one for others. */
    static int hash(byte[] bytes, int from, int to) {
        long hash = to - from;
        if (hash >= 8) {
            hash = (hash * FACTOR ^ (long) LONG.get(bytes, from)) * FACTOR ^ (long) LONG.get(bytes, to - 8);
        } else {
            for (int i = from; i < to; i++) {
                hash = hash << 8 ^ bytes[i];
            }
        }
        return (int) (hash * FACTOR >>> 40);
    }

    /** A number that is the same for the same bytes, and as good as always another one for others. */
    public static long fingerprint(byte[] bytes, int from, int to) {
        long mixed = (to - from) * FACTOR;
        int i = from;
        for (; i <= to - 16; i += 16) {
            mixed = product((long) LONG.get(bytes, i) ^ FACTOR, (long) LONG.get(bytes, i + 8) ^ mixed);
        }
        long first = 0;
        long second = 0;
        for (; i < to; i++) {
            second = second << 8 | first >>> 56;
            first = first << 8 | bytes[i] & 0xFF;
        }
        return product(product(first ^ FACTOR, second ^ mixed), OTHER_FACTOR);
    }

    /** Both halves of a product of 128 bits, in which each bit of the factors counts. */
    private static long product(long a, long b) {
        return a * b ^ Math.multiplyHigh(a, b);
    }

    static boolean plain(byte b) {
        return (b < 0 || b >= ' ') && b != '"' && b != '\\';
    }

    /** Not 0 when one of the eight bytes is special; the lowest special one has its high bit set. */
    private static long special(long word) {
        long quote = word ^ ONES * '"';
        long backslash = word ^ ONES * '\\';
        return (word - ONES * ' ' & ~word | quote - ONES & ~quote | backslash - ONES & ~backslash) & HIGH_BITS;
    }
}
