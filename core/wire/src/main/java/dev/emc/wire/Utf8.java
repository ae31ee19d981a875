package dev.emc.wire;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Bytes that are, or are not, UTF-8. */
final class Utf8 {

    private Utf8() {}

    /** Whether these bytes are well-formed UTF-8, by the strict definition: no overlong forms, no surrogates. */
    static boolean valid(byte[] bytes) {
        return valid(bytes, 0, bytes.length);
    }

    /** {@link #valid(byte[])} of a part. */
    static boolean valid(byte[] bytes, int start, int end) {
        int i = start;
        while ((i = Words.endOfAscii(bytes, i, end)) < end) {
            int b = bytes[i++];
            int more;
            int low = 0x80;
            int high = 0xBF;
            b &= 0xFF;
            if (b >= 0xC2 && b <= 0xDF) {
                more = 1;
            } else if (b >= 0xE0 && b <= 0xEF) {
                more = 2;
                low = b == 0xE0 ? 0xA0 : low;
                high = b == 0xED ? 0x9F : high;
            } else if (b >= 0xF0 && b <= 0xF4) {
                more = 3;
                low = b == 0xF0 ? 0x90 : low;
                high = b == 0xF4 ? 0x8F : high;
            } else {
                return false;
            }
            if (i + more > end) {
                return false;
            }
            // only the second byte has a narrower range
            for (; more > 0; more--, low = 0x80, high = 0xBF) {
                int next = bytes[i++] & 0xFF;
                if (next < low || next > high) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What the inside of a valid JSON string says, in UTF-8; half a surrogate pair becomes a question mark. */
    static byte[] unescape(byte[] json, int start, int end) {
        int i = Words.endOfPlain(json, start, end);
        if (i == end) {
            return Arrays.copyOfRange(json, start, end);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(end - start);
        out.write(json, start, i - start);
        while (i < end) {
            int plain = i;
            i = Words.endOfPlain(json, i, end);
            out.write(json, plain, i - plain);
            if (i < end) {
                i = escape(json, i, end, out);
            }
        }
        return out.toByteArray();
    }

    private static int escape(byte[] json, int at, int end, ByteArrayOutputStream out) {
        byte c = json[at + 1];
        switch (c) {
            case 'b' -> out.write('\b');
            case 'f' -> out.write('\f');
            case 'n' -> out.write('\n');
            case 'r' -> out.write('\r');
            case 't' -> out.write('\t');
            case 'u' -> {
                int unit = hex(json, at + 2);
                boolean pair = Character.isHighSurrogate((char) unit) && at + 12 <= end && json[at + 6] == '\\'
                        && json[at + 7] == 'u' && Character.isLowSurrogate((char) hex(json, at + 8));
                if (pair) {
                    encode(Character.toCodePoint((char) unit, (char) hex(json, at + 8)), out);
                    return at + 12;
                }
                encode(Character.isSurrogate((char) unit) ? '?' : unit, out);
                return at + 6;
            }
            default -> out.write(c);
        }
        return at + 2;
    }

    private static int hex(byte[] json, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            value = value << 4 | Character.digit(json[i], 16);
        }
        return value;
    }

    private static void encode(int point, ByteArrayOutputStream out) {
        if (point < 0x80) {
            out.write(point);
        } else if (point < 0x800) {
            out.write(0xC0 | point >> 6);
            out.write(0x80 | point & 0x3F);
        } else if (point < 0x10000) {
            out.write(0xE0 | point >> 12);
            out.write(0x80 | point >> 6 & 0x3F);
            out.write(0x80 | point & 0x3F);
        } else {
            out.write(0xF0 | point >> 18);
            out.write(0x80 | point >> 12 & 0x3F);
            out.write(0x80 | point >> 6 & 0x3F);
            out.write(0x80 | point & 0x3F);
        }
    }
}
