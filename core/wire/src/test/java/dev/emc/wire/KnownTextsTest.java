package dev.emc.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

class KnownTextsTest {

    private static String json(String text) {
        return new String(KnownTexts.json(text), StandardCharsets.UTF_8);
    }

    @Test
    void aTextIsWrittenOnce() {
        assertSame(KnownTexts.json("orders"), KnownTexts.json(new String("orders")));
    }

    @Test
    void textsThatShareAPlaceAreKeptApart() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 1000; i++) {
                assertEquals("\"text " + i + "\"", json("text " + i));
            }
        }
        // of the same hash
        assertEquals("\"AaAa\"", json("AaAa"));
        assertEquals("\"BBBB\"", json("BBBB"));
    }

    @Test
    void whatNeedsAnEscapeHasOne() {
        assertEquals("\"a\\\"b\u00e9\"", json("a\"b\u00e9"));
    }

    @Test
    void halfACharacterIsNoText() {
        assertNull(KnownTexts.json("a\ud83d"));
        assertNull(KnownTexts.json("\ude00\ud83d"));
        assertEquals("\"\ud83d\ude00\"", json("\ud83d\ude00"));
    }

    @Test
    void aNameHasOnlySmallLettersAndDigits() {
        for (int round = 0; round < 2; round++) {
            assertNotNull(KnownTexts.name("partitionkey2"));
            assertNull(KnownTexts.name("partitionKey"));
            assertNull(KnownTexts.name("a-b"));
            assertNull(KnownTexts.name(""));
        }
    }
}
