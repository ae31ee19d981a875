package dev.emc.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.ConnectorRecord;
import dev.emc.wire.EventFormatException;

class BinaryModeTest {

    private static final Map<String, String> GOOD = Map.of("ce-specversion", "1.0", "ce-id", "1", "ce-source", "/s", "ce-type",
            "t");

    private static ConnectorRecord read(BinaryMode mode, Map<String, String> headers) throws EventFormatException {
        return mode.fill(headers.entrySet(), ConnectorRecord.builder()).build();
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> headers = new LinkedHashMap<>(GOOD);
        headers.put(name, value);
        return headers;
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        ConnectorRecord event = ConnectorRecord.builder().attribute("id", "1").attribute("source", "/s").attribute("type", "t")
                .attribute("subject", "Grüße 100% \"x\" € 😀").attribute("flag", true)
                .timestamp(Instant.parse("2026-11-22T10:00:00.123Z")).build();
        for (BinaryMode mode : List.of(BinaryMode.HTTP, BinaryMode.KAFKA)) {
            Map<String, String> headers = new LinkedHashMap<>();
            mode.write(event, headers::put);
            ConnectorRecord back = read(mode, headers);
            assertEquals("true", back.attribute("flag"));
            assertEquals(event.attribute("subject"), back.attribute("subject"));
            assertEquals(event.timestamp(), back.timestamp());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"Euro € 😀; Euro%20%E2%82%AC%20%F0%9F%98%80", "a\"b%c; a%22b%25c",
            "plain-._~/?; plain-._~/?"})
    void encodesAsTheHttpBindingSays(String value, String expected) {
        Map<String, String> headers = new LinkedHashMap<>();
        BinaryMode.HTTP.write(ConnectorRecord.builder().attribute("subject", value).build(), headers::put);
        assertEquals(expected, headers.get("ce-subject"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"%41%c3%bc; Aü", "100%; 100%", "%zz; %zz", "a%4; a%4", "%4%41; %4A"})
    void decodesLeniently(String header, String expected) throws Exception {
        assertEquals(expected, read(BinaryMode.HTTP, with("ce-subject", header)).attribute("subject"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '\'', value = {"\"a b\"; a b", "\"a \\\"b\\\" \\\\c\"; a \"b\" \\c",
            "\"Euro%20%E2%82%AC\"; Euro €",
            "\"; \"", "a\"b\"; a\"b\"", "\"\"; ''"})
    void quotedValuesAreUnderstood(String header, String expected) throws Exception {
        assertEquals(expected, read(BinaryMode.HTTP, with("ce-subject", header)).attribute("subject"));
    }

    @Test
    void namesAreReadInAnyCaseAndOtherHeadersLeftAlone() throws Exception {
        Map<String, String> headers = with("CE-Region", "eu");
        headers.put("X-Other", "1");
        ConnectorRecord event = read(BinaryMode.HTTP, headers);
        assertEquals(Map.of("id", "1", "source", "/s", "type", "t", "region", "eu"), event.attributes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce-specversion", "ce-id", "ce-source", "ce-type"})
    void whatIsRequiredHasToBeThere(String name) {
        Map<String, String> headers = new LinkedHashMap<>(GOOD);
        headers.remove(name);
        assertThrows(EventFormatException.class, () -> read(BinaryMode.HTTP, headers));
        headers.put(name, "");
        assertThrows(EventFormatException.class, () -> read(BinaryMode.HTTP, headers));
    }

    @ParameterizedTest
    @CsvSource({"ce-specversion,2.0", "ce-time,yesterday", "ce-my-name,x", "ce-data,x", "ce-,x", "ce-subject,%ff", "CE-ID,2"})
    void refusesWhatIsNoEvent(String name, String value) {
        assertThrows(EventFormatException.class, () -> read(BinaryMode.HTTP, with(name, value)));
    }
}
