package dev.emc.http.events;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorRecord;
import dev.emc.http.events.HttpEvents.Message;
import dev.emc.http.events.HttpEvents.Mode;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

class HttpEventsTest {

    private static ConnectorRecord.Builder<?> event() {
        return ConnectorRecord.builder().attribute("id", "1").attribute("source", "/s").attribute("type", "t");
    }

    private static HttpHeaders headers(Map<String, String> headers) {
        Map<String, List<String>> all = new HashMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        return HttpHeaders.of(all, (name, value) -> true);
    }

    private static List<ConnectorRecord> read(Message message) throws EventFormatException {
        HttpHeaders headers = headers(message.headers());
        return HttpEvents.read(HttpEvents.mode(headers), headers, message.body(), ConnectorRecord::builder).stream()
                .map(builder -> (ConnectorRecord) builder.build()).toList();
    }

    private static Message json(String type, String body) {
        return new Message(Map.of("content-type", type), body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aBinaryEventComesBackAsItWas() throws Exception {
        ConnectorRecord event = event().attribute("subject", "Grüße, 100 % \"gut\"").attribute("ext", "a b")
                .timestamp(Instant.parse("2026-11-22T10:00:00.123Z")).contentType("text/plain").text("é").build();
        ConnectorRecord found = read(HttpEvents.write(event, Mode.BINARY)).get(0);
        assertEquals(event.attributes(), found.attributes());
        assertEquals(event.timestamp(), found.timestamp());
        assertEquals("text/plain", found.contentType());
        assertArrayEquals(event.data(), found.data());
    }

    @Test
    void aStructuredEventComesBackAsItWas() throws Exception {
        ConnectorRecord event = event().attribute("n", 5).attribute("yes", true).contentType("application/json")
                .text("{\"a\":[1,\"é\"]}").build();
        ConnectorRecord found = read(HttpEvents.write(event, Mode.STRUCTURED)).get(0);
        assertEquals(event.attributes(), found.attributes());
        assertEquals("{\"a\":[1,\"é\"]}", found.text());
    }

    @Test
    void aBatchComesBackInOrder() throws Exception {
        byte[] first = StructuredJson.write(event().text("é{[\"").contentType("text/plain").build());
        byte[] second = StructuredJson.write(event().attribute("id", "2").build());
        List<ConnectorRecord> found = read(HttpEvents.batch(List.of(first, second)));
        assertEquals(List.of("1", "2"), found.stream().map(ConnectorRecord::id).toList());
        assertEquals("é{[\"", found.get(0).text());
    }

    @Test
    void anEmptyBatchIsOneOfNoEvents() throws Exception {
        assertEquals(List.of(), read(HttpEvents.batch(List.of())));
    }

    @Test
    void anEventWithoutDataHasNoContentType() throws Exception {
        Message message = HttpEvents.write(event().build(), Mode.BINARY);
        assertNull(message.headers().get("Content-Type"));
        assertNull(read(message).get(0).data());
    }

    @Test
    void aPlainMessageHasNoMode() throws Exception {
        assertNull(HttpEvents.mode(headers(Map.of("Content-Type", "application/json"))));
    }

    @Test
    void anotherFormatOfEventsIsRefused() {
        assertThrows(EventFormatException.class,
                () -> HttpEvents.mode(headers(Map.of("Content-Type", "application/cloudevents+avro"))));
    }

    @Test
    void aBatchWithABadEventIsRefusedWhole() {
        for (String body : List.of("{}", "[1]", "[{}]", "[", "[] []", "",
                "[{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"},{\"id\":\"2\"}]")) {
            assertThrows(EventFormatException.class, () -> read(json("application/cloudevents-batch+json", body)), body);
        }
    }

    @Test
    void batchesBeginAndEndWhereTheirEventsDo() throws Exception {
        List<ConnectorRecord> found = read(json("application/cloudevents-batch+json; charset=utf-8",
                " [ {\"specversion\":\"1.0\",\"id\":\"ü\",\"source\":\"s\",\"type\":\"t\",\"data\":[1, 2]} ,\n"
                        + "{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"s\",\"type\":\"t\"}\n] "));
        assertEquals("[1, 2]", found.get(0).text());
        assertEquals("2", found.get(1).id());
    }
}
