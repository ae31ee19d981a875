package dev.emc.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.ObjectMapper;

class JsonBufferTest {

    private static final String CHARACTERS = "abcdefgh \"\\/\b\f\n\r\t\u0000\u001f\u007f\u00e9\u20ac\ud83d\ude00";

    private final Random random = new Random(3);
    private final ObjectMapper jackson = new ObjectMapper();

    private String text() {
        StringBuilder text = new StringBuilder();
        int kinds = 1 + random.nextInt(CHARACTERS.length() - 2);
        for (int left = random.nextInt(40); left > 0; left--) {
            int at = random.nextInt(kinds);
            text.append(CHARACTERS.charAt(at));
        }
        return random.nextBoolean() ? text + "\ud83d\ude00" : text.toString();
    }

    @Test
    void textIsWrittenAsAJsonString() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            String text = text();
            JsonBuffer json = new JsonBuffer(1).string(text);
            assertEquals(text, jackson.readValue(json.array(), 0, json.length(), String.class));
        }
    }

    @Test
    void utf8IsWrittenAsAJsonString() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            String text = text();
            JsonBuffer json = new JsonBuffer(1).string(text.getBytes(StandardCharsets.UTF_8));
            assertEquals(text, jackson.readValue(json.copy(), String.class));
        }
    }

    @Test
    void whatIsWrittenComesBackUnescaped() {
        for (int i = 0; i < 20_000; i++) {
            byte[] utf8 = text().getBytes(StandardCharsets.UTF_8);
            byte[] json = new JsonBuffer().string(utf8).copy();
            assertArrayEquals(utf8, Utf8.unescape(json, 1, json.length - 1));
        }
    }

    @Test
    void aLargeEventIsNotKept() {
        JsonBuffer json = new JsonBuffer();
        json.string(new byte[4 << 20]);
        assertTrue(json.array().length > 4 << 20);
        json.clear();
        assertEquals(0, json.length());
        assertTrue(json.array().length < 1 << 20);
    }

    @Test
    void theEndOfPlainBytesIsFoundWhereverItIs() {
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(30)];
            random.nextBytes(bytes);
            int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            int plain = from;
            while (plain < bytes.length && (bytes[plain] < 0 || bytes[plain] >= ' ') && bytes[plain] != '"'
                    && bytes[plain] != '\\') {
                plain++;
            }
            assertEquals(plain, Words.endOfPlain(bytes, from, bytes.length));
            int ascii = from;
            while (ascii < bytes.length && bytes[ascii] >= 0) {
                ascii++;
            }
            assertEquals(ascii, Words.endOfAscii(bytes, from, bytes.length));
            assertEquals(Math.min(plain, ascii), Words.endOfPlainAscii(bytes, from, bytes.length));
        }
    }
}
