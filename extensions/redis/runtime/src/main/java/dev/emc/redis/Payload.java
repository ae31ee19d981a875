package dev.emc.redis;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What can be told of a payload by its bytes. */
final class Payload {

    private static final byte[] VERSION = "\"specversion\"".getBytes(StandardCharsets.US_ASCII);

    private Payload() {}

    /** Whether this looks like a CloudEvent in JSON: an object with the one member that only these have. */
    static boolean isEvent(byte[] data) {
        return first(data) == '{' && contains(data, VERSION);
    }

    /** Its media type, as far as the bytes tell. */
    static String contentType(byte[] data) {
        int first = first(data);
        int last = last(data);
        if (text(data) == null) {
            return "application/octet-stream";
        }
        return first == '{' && last == '}' || first == '[' && last == ']' ? "application/json" : "text/plain";
    }

    /** The text; null when it isn't UTF-8. */
    static String text(byte[] data) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString();
        } catch (CharacterCodingException binary) {
            return null;
        }
    }

    private static int first(byte[] data) {
        for (byte b : data) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b;
            }
        }
        return -1;
    }

    private static int last(byte[] data) {
        for (int i = data.length - 1; i >= 0; i--) {
            if (data[i] != ' ' && data[i] != '\n' && data[i] != '\r' && data[i] != '\t') {
                return data[i];
            }
        }
        return -1;
    }

    private static boolean contains(byte[] data, byte[] part) {
        for (int i = 0; i + part.length <= data.length; i++) {
            int j = 0;
            while (j < part.length && data[i + j] == part[j]) {
                j++;
            }
            if (j == part.length) {
                return true;
            }
        }
        return false;
    }
}
