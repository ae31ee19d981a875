package dev.emc.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;

class TemplateTest {

    private static final ConnectorRecord EVENT = ConnectorRecord.builder().attribute("id", "7").attribute("type", "order.made")
            .attribute("region", "eu").attribute("retries", 3).topic("orders").contentType("application/json")
            .timestamp(Instant.parse("2026-11-22T23:30:00Z"))
            .text("{\"customer\":{\"id\":42,\"name\":\"Ann \\\"A\\\" Lee\"},\"tags\":[\"x\",\"y\"],\"none\":null,\"a/b\":true}")
            .build();

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"plain; plain", "{type}; order.made", "o-{region}-{id}!; o-eu-7!", "{retries}; 3",
            "{topic}; orders", "{time}; 2026-11-22T23:30:00Z", "{time:yyyy/MM/dd}; 2026/11/22",
            "{datacontenttype}; application/json", "{/customer/id}; 42", "{/customer/name}; Ann \"A\" Lee", "{/tags/1}; y",
            "{/tags}; [\"x\",\"y\"]", "{/a~1b}; true", "{subject|none}; none", "{subject|}.; .", "{/none|-}; -", "{/x/y|?}; ?",
            "{{type}; {type}", "{\"k\": \"{id}\", \"o\": {}}; {\"k\": \"7\", \"o\": {}}", "a}b{; a}b{"})
    void fillsIn(String template, String expected) throws Exception {
        assertEquals(expected, Template.parse(template).apply(EVENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{Type}", "{type", "{re-gion}", "{type:x}", "{/a", "{time:nonsense}"})
    void refusesWhatIsNoPlaceholder(String template) {
        assertThrows(IllegalArgumentException.class, () -> Template.parse(template));
        assertEquals("topic", Template.check("topic", template).get(0).key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{subject}", "{/none}", "{/customer/x}", "{/tags/2}"})
    void whatAnEventDoesNotHaveMakesItABadRecord(String template) {
        PermanentException missing = assertThrows(PermanentException.class, () -> Template.parse(template).apply(EVENT));
        assertTrue(missing.getMessage().startsWith("Event '7' has no "), missing.getMessage());
    }

    @Test
    void aPayloadThatIsNoJsonMakesABadRecord() {
        ConnectorRecord text = ConnectorRecord.builder().attribute("id", "7").text("hello").build();
        assertThrows(PermanentException.class, () -> Template.parse("{/a}").apply(text));
    }

    @Test
    void escapesValuesAndNotItsOwnText() throws Exception {
        assertEquals("a.b/ORDER.MADE", Template.parse("a.b/{type}").apply(EVENT, String::toUpperCase));
    }

    @Test
    void takesTheDefaultWhenThereIsNoPayload() throws Exception {
        assertEquals("x", Template.parse("{/a|x}").apply(ConnectorRecord.builder().attribute("id", "1").build()));
    }

    @Test
    void knowsWhetherItIsConstant() {
        assertTrue(Template.parse("orders").isConstant());
        assertFalse(Template.parse("{type}").isConstant());
    }
}
