package dev.emc.file;

import java.nio.charset.StandardCharsets;

/** Puts the id of a record together, one after the other: there are very many of them. */
final class RecordId {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_NUMBER = 20;

    private final byte[] prefix;
    private final byte[] bytes;

    /** @param file what tells files apart */
    RecordId(String file) {
        prefix = (file + "-").getBytes(StandardCharsets.UTF_8);
        bytes = new byte[prefix.length + LONGEST_NUMBER + 17];
        System.arraycopy(prefix, 0, bytes, 0, prefix.length);
    }

    /**
     * An id.
     *
     * @param at where the record begins, in decimal digits
     * @param fingerprint of its content
     */
    String of(String at, long fingerprint) {
        int length = prefix.length;
        for (int i = 0; i < at.length(); i++) {
            bytes[length++] = (byte) at.charAt(i);
        }
        bytes[length++] = '-';
        for (int shift = 60; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(int) (fingerprint >>> shift) & 15];
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
