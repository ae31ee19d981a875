package dev.emc.file;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * The part of a file that is in memory: what was read and not yet made into records, and the last bytes before it. One
 * for all files of a source.
 */
final class Window {

    private static final int SIZE = 256 * 1024;

    /** Where bytes come from. */
    interface Feed {
        /** @return how many bytes, -1 when there are none now */
        int read(byte[] into, int offset, int length) throws IOException;
    }

    private final CRC32 crc = new CRC32();
    byte[] bytes = new byte[Mark.TAIL + SIZE];
    /** Where the present record begins. */
    int start;
    /** Where the bytes end. */
    int end;
    /** Up to where the end of the present record was looked for. */
    int scanned;
    /** Where {@code start} stands in the file. */
    long offset;

    /**
     * Begins at a place in a file.
     *
     * @param before the bytes that stand before it, the last {@link Mark#TAIL} at least or all
     */
    void begin(long at, byte[] before, int count) {
        int keep = Math.min(count, Mark.TAIL);
        System.arraycopy(before, count - keep, bytes, 0, keep);
        start = keep;
        end = keep;
        scanned = keep;
        offset = at;
    }

    /** Goes on to the record that begins at this index. */
    void advance(int to) {
        offset += to - start;
        start = to;
        scanned = to;
    }

    /** Where an index stands in the file. */
    long offsetOf(int index) {
        return offset + index - start;
    }

    /** Checksum of the bytes before an index. */
    long tailSum(int index) {
        int from = Math.max(0, index - Mark.TAIL);
        if (offsetOf(index) < index - from) {
            from = index - (int) offsetOf(index);
        }
        crc.reset();
        crc.update(bytes, from, index - from);
        return crc.getValue();
    }

    /** The bytes before the present record. */
    byte[] before() {
        int count = (int) Math.min(Math.min(start, Mark.TAIL), offset);
        return Arrays.copyOfRange(bytes, start - count, start);
    }

    /** Reads more, after making room: false when there is nothing more now. */
    boolean fill(Feed feed) throws IOException {
        int keepFrom = Math.max(0, start - Mark.TAIL);
        if (keepFrom > 0) {
            System.arraycopy(bytes, keepFrom, bytes, 0, end - keepFrom);
            start -= keepFrom;
            end -= keepFrom;
            scanned -= keepFrom;
        }
        if (bytes.length - end < SIZE / 4) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, 2L * bytes.length));
        } else if (bytes.length > Mark.TAIL + SIZE && end <= Mark.TAIL + SIZE / 2) {
            bytes = Arrays.copyOf(bytes, Mark.TAIL + SIZE); // a long record is over
        }
        int n = feed.read(bytes, end, bytes.length - end);
        if (n <= 0) {
            return false;
        }
        end += n;
        return true;
    }
}
