package dev.emc.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A cursor over JSON as programs write it: without blanks, and with plain ASCII in all strings but the payload. That is
 * nearly all that comes by the network, and needs no parser. Every method leaves the judgement about all else to a whole
 * parser: it returns false then.
 */
final class PlainJson {

    private static final int SHARED_LENGTH = 64;
    /** Texts that come with nearly every event, by their hash. Several threads may overwrite each other's: no harm. */
    private static final Shared[] SHARED = new Shared[512];

    private byte[] json;
    private int at;
    private int limit;
    /** Begin and end of the last string, without its quotes. */
    private int start;
    private int end;
    private boolean escaped;

    void reset(byte[] json, int offset, int limit) {
        this.json = json;
        this.at = offset;
        this.limit = limit;
    }

    /** Index of the next byte. */
    int at() {
        return at;
    }

    boolean atEnd() {
        return at == limit;
    }

    /** Moves over this character; false when another one is next. */
    boolean next(char c) {
        if (at < limit && json[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    /** What comes next; 0 at the end. */
    byte peek() {
        return at < limit ? json[at] : 0;
    }

    /** Moves over a string of plain ASCII. */
    boolean string() {
        if (!next('"')) {
            return false;
        }
        start = at;
        end = Words.endOfPlainAscii(json, at, limit);
        at = end + 1;
        return end < limit && json[end] == '"';
    }

    /** Moves over a string of any text. */
    boolean anyString() {
        if (!next('"')) {
            return false;
        }
        start = at;
        escaped = false;
        at = Words.endOfPlainAscii(json, at, limit);
        if (at < limit && json[at] == '"') {
            end = at++;
            return true;
        }
        while (true) {
            at = Words.endOfPlain(json, at, limit);
            if (at == limit) {
                return false;
            }
            byte b = json[at++];
            if (b == '"') {
                end = at - 1;
                return Utf8.valid(json, start, end);
            }
            escaped = true;
            if (b != '\\' || !escape()) {
                return false;
            }
        }
    }

    private boolean escape() {
        if (at >= limit) {
            return false;
        }
        byte b = json[at++];
        if (b != 'u') {
            return b == '"' || b == '\\' || b == '/' || b == 'n' || b == 't' || b == 'r' || b == 'b' || b == 'f';
        }
        for (int i = 0; i < 4; i++) {
            if (at >= limit || Character.digit(json[at++], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Moves over these characters. */
    boolean word(String word) {
        return word(word.getBytes(StandardCharsets.US_ASCII));
    }

    /** Moves over these bytes. */
    boolean word(byte[] word) {
        if (limit - at < word.length || !Arrays.equals(json, at, at + word.length, word, 0, word.length)) {
            return false;
        }
        at += word.length;
        return true;
    }

    /** Moves over an integer of at most nine digits. @return -1 when something else is next, negative ones too */
    int number() {
        int number = 0;
        int first = at;
        while (at < limit && json[at] >= '0' && json[at] <= '9' && at - first < 9) {
            number = number * 10 + json[at++] - '0';
        }
        boolean odd = at == first || json[first] == '0' && at > first + 1;
        return odd || at < limit && json[at] != ',' && json[at] != '}' ? -1 : number;
    }

    /** The last string. */
    String text() {
        return new String(json, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** The last string, if it can be the same object as the last one with the same text. */
    String sharedText() {
        if (end - start > SHARED_LENGTH) {
            return text();
        }
        int slot = Words.hash(json, start, end) & SHARED.length - 1;
        Shared shared = SHARED[slot];
        if (shared == null || !Arrays.equals(shared.bytes, 0, shared.bytes.length, json, start, end)) {
            shared = new Shared(Arrays.copyOfRange(json, start, end), text());
            SHARED[slot] = shared;
        }
        return shared.text;
    }

    private record Shared(byte[] bytes, String text) {}

    /** Whether there are escapes in the last string of any text. */
    boolean escaped() {
        return escaped;
    }

    /** Begin of the last string, after its quote. */
    int start() {
        return start;
    }

    /** End of the last string, before its quote. */
    int end() {
        return end;
    }
}
