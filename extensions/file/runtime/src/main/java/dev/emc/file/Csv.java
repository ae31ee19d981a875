package dev.emc.file;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rows of comma-separated values (RFC 4180), as JSON objects. */
final class Csv {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final byte delimiter;
    private final Bytes json = new Bytes();

    /** Where a search for the end of a row stands: a field begins, or is in its middle, in quotes, or after a quote. */
    enum State {
        FIELD, PLAIN, QUOTED, QUOTE
    }

    private State state = State.FIELD;

    Csv(byte delimiter) {
        this.delimiter = delimiter;
    }

    /** A new row begins. */
    void begin() {
        state = State.FIELD;
    }

    /** Whether the row has a quote that is not closed. */
    boolean isInQuotes() {
        return state == State.QUOTED;
    }

    /** Goes on looking for the end of the row: the index after its line feed, or -1. */
    int rowEnd(byte[] bytes, int from, int to) {
        State now = state;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (now == State.QUOTED) {
                if (b == '"') {
                    now = State.QUOTE;
                }
            } else if (b == '\n') {
                state = State.FIELD;
                return i + 1;
            } else if (b == delimiter) {
                now = State.FIELD;
            } else if (b == '"' && now != State.PLAIN) {
                now = State.QUOTED;
            } else {
                now = State.PLAIN;
            }
        }
        state = now;
        return -1;
    }

    /** The names in the first row as they stand before values in JSON; empty and double names are made distinct. */
    List<byte[]> header(byte[] bytes, int from, int to) {
        List<byte[]> names = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int at = from; at >= 0;) {
            Bytes field = new Bytes();
            at = field(bytes, at, to, field);
            String name = new String(field.array(), 0, field.length(), StandardCharsets.UTF_8).strip();
            String unique = name.isEmpty() ? "column" + (names.size() + 1) : name;
            for (int n = 2; !taken.add(unique); n++) {
                unique = name + "_" + n;
            }
            names.add(key(unique));
        }
        return names;
    }

    private byte[] key(String name) {
        json.removeFirst(json.length());
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        json.add((byte) '"');
        escape(bytes, 0, bytes.length, json);
        json.add((byte) '"');
        json.add((byte) ':');
        return json.copy();
    }

    /** A row as a JSON object; fields beyond the header are called {@code column5} and so on, missing ones are left out. */
    byte[] row(List<byte[]> header, byte[] bytes, int from, int to) {
        json.removeFirst(json.length());
        json.add((byte) '{');
        Bytes field = new Bytes();
        int column = 0;
        for (int at = from; at >= 0; column++) {
            field.removeFirst(field.length());
            at = field(bytes, at, to, field);
            if (column > 0) {
                json.add((byte) ',');
            }
            if (column < header.size()) {
                json.add(header.get(column));
            } else {
                json.add(("\"column" + (column + 1) + "\":").getBytes(StandardCharsets.US_ASCII));
            }
            json.add((byte) '"');
            escape(field.array(), 0, field.length(), json);
            json.add((byte) '"');
        }
        json.add((byte) '}');
        return json.copy();
    }

    /** Reads a field; returns where the next one begins, -1 after the last. */
    private int field(byte[] bytes, int from, int to, Bytes field) {
        int at = from;
        if (at < to && bytes[at] == '"') {
            at++;
            while (at < to && !(bytes[at] == '"' && (at + 1 == to || bytes[at + 1] != '"'))) {
                field.add(bytes[at]);
                at += bytes[at] == '"' ? 2 : 1;
            }
            at++;
        }
        int plain = at;
        while (at < to && bytes[at] != delimiter) {
            at++;
        }
        if (at > plain) {
            field.add(bytes, plain, at - plain);
        }
        return at < to ? at + 1 : -1;
    }

    private static void escape(byte[] bytes, int from, int to, Bytes json) {
        int start = from;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b >= 0x20 && b != '"' && b != '\\' || b < 0) {
                continue;
            }
            json.add(bytes, start, i - start);
            start = i + 1;
            json.add((byte) '\\');
            switch (b) {
                case '"', '\\' -> json.add(b);
                case '\n' -> json.add((byte) 'n');
                case '\r' -> json.add((byte) 'r');
                case '\t' -> json.add((byte) 't');
                default -> {
                    json.add((byte) 'u');
                    json.add((byte) '0');
                    json.add((byte) '0');
                    json.add(HEX[b >> 4]);
                    json.add(HEX[b & 15]);
                }
            }
        }
        json.add(bytes, start, to - start);
    }
}
