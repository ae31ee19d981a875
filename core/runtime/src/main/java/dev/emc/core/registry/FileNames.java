package dev.emc.core.registry;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Names of files and keys for any worker name: letters, digits, {@code .}, {@code _} and {@code -} stay as they are. */
public final class FileNames {

    /** File systems allow 255 bytes; the rest is for suffixes. */
    private static final int LONGEST = 200;

    private FileNames() {}

    /** The name for a worker; no two workers have the same. */
    public static String of(String worker) {
        StringBuilder safe = new StringBuilder();
        byte[] bytes = worker.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            char c = (char) (b & 0xff);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
                    || c == '.' && safe.length() > 0;
            if (plain) {
                safe.append(c);
            } else {
                safe.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        if (safe.length() == 0) {
            return "%";
        }
        if (safe.length() <= LONGEST) {
            return safe.toString();
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return safe.substring(0, LONGEST) + "%" + HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
