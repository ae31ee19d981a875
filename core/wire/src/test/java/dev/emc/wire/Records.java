package dev.emc.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import dev.emc.api.ConnectorRecord;

/** Records of all kinds, and their comparison. */
final class Records {

    private static final String[] TYPES = {null, "text/plain", "text/plain; charset=utf-8", "application/json",
            "application/json;charset=UTF-8", "Application/JSON", "text/json", "application/vnd.github.v3+json",
            "application/ld+json", "application/octet-stream", "application/xml", "image/png", "application/cloudevents+json",
            "", "nonsense"};

    private static final String[] TEXTS = {"", " ", "hello", "zwölf Boxkämpfer", "日本語 😀 \u0000\u001f\u007f\u2028\ufffe",
            "quote \" backslash \\ slash / tab \t", "line 1\nline 2\r\n", "{\"a\":1}", "{ \"a\" : [1, 2.50, 1e3, null] }",
            "{\"a\":1}\n", " {\"a\":1}", "{\n  \"a\": \"😀\"\n}", "\"a string\"", "\"\\u00e9\\ud83d\\ude00\\/\"", "\"\\ud800\"",
            "null", "true", "0.10", "-0", "123456789012345678901234567890", "[]", "{\"a\":1}{\"b\":2}", "{\"a\":", "NaN", "01",
            "'x'", "\ufeff{\"a\":1}", "{\"a\":1,\"a\":2}", "data_base64", "eyJhIjoxfQ=="};

    private Records() {}

    /** One record a combination of content type and text, and many random ones; always the same ones. */
    static Stream<ConnectorRecord> all() {
        List<ConnectorRecord> all = new ArrayList<>();
        Random random = new Random(42);
        for (String type : TYPES) {
            for (String text : TEXTS) {
                all.add(base(random).contentType(type).text(text).build());
            }
            all.add(base(random).contentType(type).build());
            all.add(base(random).contentType(type).data(deep(899)).build());
            all.add(base(random).contentType(type).data(deep(5000)).build());
            for (int i = 0; i < 20; i++) {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                all.add(base(random).contentType(type).data(bytes).build());
                all.add(base(random).contentType(type).text(text(random, random.nextInt(100))).build());
            }
            for (byte[] bad : NOT_UTF8) {
                all.add(base(random).contentType(type).data(bad).build());
            }
        }
        byte[] big = new byte[1 << 20];
        random.nextBytes(big);
        all.add(base(random).data(big).build());
        all.add(base(random).contentType("text/plain").text(text(random, 1 << 19)).build());
        all.add(base(random).contentType("application/json").text("[" + "\"😀\",".repeat(100_000) + "1]").build());
        return all.stream();
    }

    static final byte[][] NOT_UTF8 = {{(byte) 0x80}, {(byte) 0xC0, (byte) 0x80}, {(byte) 0xC1, (byte) 0xBF},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {(byte) 0xE0, (byte) 0x80, (byte) 0x80},
            {(byte) 0xF0, (byte) 0x80, (byte) 0x80, (byte) 0x80}, {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
            {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80}, {'a', (byte) 0xE2, (byte) 0x82}, {(byte) 0xFF},
            {(byte) 0xE2, (byte) 0x28, (byte) 0xA1}};

    static ConnectorRecord.Builder<?> base(Random random) {
        ConnectorRecord.Builder<?> record = ConnectorRecord.builder().attribute("id", "id-" + random.nextInt() + " \"ü😀\"")
                .attribute("source", "/files/a%20b?x=1#f").attribute("type", "dev.emc.test");
        if (random.nextBoolean()) {
            record.attribute("subject", text(random, 10));
        }
        if (random.nextBoolean()) {
            record.attribute("dataschema", "https://example.org/schema?a=b");
        }
        if (random.nextBoolean()) {
            record.timestamp(Instant.ofEpochSecond(random.nextInt(), random.nextBoolean() ? random.nextInt(1_000_000_000) : 0));
        }
        if (random.nextBoolean()) {
            record.attribute("text", text(random, 20)).attribute("empty", "").attribute("number", random.nextInt())
                    .attribute("most", Integer.MAX_VALUE).attribute("least", Integer.MIN_VALUE).attribute("yes", true)
                    .attribute("no", false).attribute("digits", "42").attribute("traceparent", "00-abc-def-01");
        }
        return record;
    }

    /** Random text of code points from everywhere, without halves of pairs. */
    static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int range = new int[]{0x80, 0x80, 0x800, 0x10000, 0x110000}[random.nextInt(5)];
            int point = random.nextInt(range);
            text.appendCodePoint(point >= 0xD800 && point <= 0xDFFF ? 'x' : point);
        }
        return text.toString();
    }

    private static byte[] deep(int depth) {
        byte[] json = new byte[2 * depth];
        Arrays.fill(json, 0, depth, (byte) '[');
        Arrays.fill(json, depth, 2 * depth, (byte) ']');
        return json;
    }

    static void assertSame(ConnectorRecord expected, ConnectorRecord actual) {
        assertEquals(expected.attributes(), actual.attributes());
        assertEquals(expected.contentType(), actual.contentType());
        assertEquals(expected.timestamp(), actual.timestamp());
        assertArrayEquals(expected.data(), actual.data(),
                () -> "data of " + expected.contentType() + ": " + new String(expected.data(), UTF_8));
    }
}
