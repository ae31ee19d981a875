package dev.emc.testkit.conformance;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.emc.api.ConnectorRecord;

/** Events that the suites send around. */
final class Samples {

    static final String UNICODE = "Grüße, 漢字, русский, 🙂\u200d🙂, a\u0301, «ß», \"quoted\", back\\slash, {json: [1]}, 100 %, $HOME";

    private Samples() {}

    /** A plain one. */
    static ConnectorRecord record(int number) {
        return event(number).text(text(number)).contentType("text/plain").build();
    }

    /** Begins an event with what each has. */
    static ConnectorRecord.Builder<?> event(int number) {
        return ConnectorRecord.builder().attribute("id", "event-" + number).attribute("source", "/conformance/suite")
                .attribute("type", "dev.emc.conformance");
    }

    static String text(int number) {
        return "record %06d".formatted(number);
    }

    static List<ConnectorRecord> records(int from, int to) {
        List<ConnectorRecord> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            records.add(record(i));
        }
        return records;
    }

    static List<String> texts(int from, int to) {
        return texts(records(from, to));
    }

    static List<String> texts(List<ConnectorRecord> records) {
        return records.stream().map(ConnectorRecord::text).toList();
    }

    /** Every byte there is, in every neighbourhood that breaks a text format. */
    static byte[] binary() {
        byte[] bytes = new byte[1024];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        new Random(4711).nextBytes(bytes);
        for (int i = 0; i < 256; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** Text of so many bytes without a line break. */
    static byte[] large(int length) {
        byte[] pattern = "0123456789 äöü 漢字 ".getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i += pattern.length) {
            System.arraycopy(pattern, 0, bytes, i, Math.min(pattern.length, length - i));
        }
        for (int i = length; i > 0 && bytes[i - 1] < 0; i--) {
            bytes[i - 1] = '.'; // not half a character
        }
        return bytes;
    }

    /** An event with every kind of attribute. */
    static ConnectorRecord decorated(int number) {
        return event(number).text(text(number)).contentType("application/xml; charset=utf-8")
                .attribute("subject", "Straße 1/2?x=y&z").attribute("dataschema", "https://example.org/schema#1")
                .attribute("text", "Wert mit Leerzeichen, \"Zitat\", 漢字").attribute("blank", "")
                .attribute("positive", 2147483647).attribute("negative", -1).attribute("yes", true).attribute("no", false)
                .timestamp(Instant.parse("2026-02-28T23:59:59.123Z")).build();
    }
}
