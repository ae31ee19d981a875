package dev.emc.bench;

import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * What events carry: a text with their number in it, in {@link Lines#DIGITS} digits.
 *
 * @param contentType of the events
 * @param make the payload of the event with a number
 * @param marker what stands before the number in what arrives; none when it is at the beginning
 */
record Payload(String contentType, IntFunction<byte[]> make, byte[] marker) {

    private static final String BODY = "\"body\":\"";

    /** A line of so many bytes. */
    static Payload line(int bytes) {
        byte[] line = Lines.line(0, bytes).getBytes(StandardCharsets.US_ASCII);
        return new Payload("text/plain", number -> Lines.numbered(line, number), new byte[0]);
    }

    /** A JSON object of so many bytes or one more: {@code id}, a number, and {@code body}, a line. */
    static Payload row(int bytes) {
        int rest = bytes - "{'id':000000000,'body':''}".length();
        return new Payload("application/json", number -> ("{\"id\":" + number + "," + BODY + Lines.line(number, rest) + "\"}")
                .getBytes(StandardCharsets.US_ASCII), BODY.getBytes(StandardCharsets.US_ASCII));
    }

    /** The number in a payload, or -1 when there is none. */
    int number(byte[] data) {
        for (int i = 0; i + marker.length < data.length; i++) {
            int match = 0;
            while (match < marker.length && data[i + match] == marker[match]) {
                match++;
            }
            if (match == marker.length) {
                return Lines.number(data, i + match);
            }
        }
        return -1;
    }
}
