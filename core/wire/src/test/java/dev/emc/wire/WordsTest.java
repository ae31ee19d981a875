package dev.emc.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void findsTheFirstByteOfAKindAtEachPlace() {
        for (byte wanted : new byte[]{'\n', 0, -1, (byte) 0x80}) {
            for (int length = 0; length < 40; length++) {
                for (int at = 0; at <= length; at++) {
                    byte[] bytes = new byte[length + 3];
                    Arrays.fill(bytes, (byte) (wanted + 1));
                    bytes[bytes.length - 1] = wanted; // behind the end
                    if (at < length) {
                        bytes[1 + at] = wanted;
                    }
                    assertEquals(1 + at, Words.indexOf(wanted, bytes, 1, 1 + length), wanted + " at " + at + " of " + length);
                }
            }
        }
    }

    @Test
    void findsAByteAmongAnyOthers() {
        Random random = new Random(1);
        byte[] bytes = new byte[100];
        for (int round = 0; round < 10_000; round++) {
            random.nextBytes(bytes);
            byte wanted = (byte) random.nextInt();
            int expected = 0;
            while (expected < bytes.length && bytes[expected] != wanted) {
                expected++;
            }
            assertEquals(expected, Words.indexOf(wanted, bytes, 0, bytes.length));
        }
    }

    @Test
    void oneOtherBitIsAnotherFingerprint() {
        byte[] bytes = new byte[200];
        Set<Long> all = new HashSet<>();
        all.add(Words.fingerprint(bytes, 0, bytes.length));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= 1 << bit % 8;
            assertTrue(all.add(Words.fingerprint(bytes, 0, bytes.length)), "bit " + bit);
            bytes[bit / 8] ^= 1 << bit % 8;
        }
        for (int length = 0; length < bytes.length; length++) {
            assertTrue(all.add(Words.fingerprint(bytes, 0, length)), "length " + length);
        }
    }

    @Test
    void similarLinesHaveFingerprintsOfTheirOwn() {
        Set<Integer> low = new HashSet<>();
        Set<Integer> high = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            byte[] line = ("order %06d accepted, paid and on its way; %06d".formatted(i, i)).getBytes();
            long fingerprint = Words.fingerprint(line, 0, line.length);
            low.add((int) fingerprint);
            high.add((int) (fingerprint >>> 32));
        }
        // of 20,000 random numbers of 32 bits 0.05 are expected twice
        assertTrue(low.size() >= 19_998, low.size() + " different low halves");
        assertTrue(high.size() >= 19_998, high.size() + " different high halves");
    }

    @Test
    void theFingerprintIsOfThatPartOnly() {
        byte[] bytes = "xxhello, this is the partyy".getBytes();
        byte[] part = "hello, this is the part".getBytes();
        assertEquals(Words.fingerprint(part, 0, part.length), Words.fingerprint(bytes, 2, bytes.length - 2));
    }
}
