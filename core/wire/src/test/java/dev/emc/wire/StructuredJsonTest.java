package dev.emc.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Position;
import dev.emc.api.SourceRecord;

class StructuredJsonTest {

    @Test
    void recordsComeBackExactly() throws Exception {
        for (ConnectorRecord record : (Iterable<ConnectorRecord>) Records.all()::iterator) {
            Records.assertSame(record, StructuredJson.read(StructuredJson.write(record)));
        }
    }

    @Test
    void eachRecordIsOneLine() throws Exception {
        for (ConnectorRecord record : (Iterable<ConnectorRecord>) Records.all()::iterator) {
            for (byte b : StructuredJson.write(record)) {
                assertFalse(b == '\n' || b == '\r');
            }
        }
    }

    @Test
    void theCloudEventsLibraryReadsEachRecord() throws Exception {
        JsonFormat format = new JsonFormat();
        ObjectMapper mapper = new ObjectMapper();
        for (ConnectorRecord record : (Iterable<ConnectorRecord>) Records.all()::iterator) {
            CloudEvent event = format.deserialize(StructuredJson.write(record));
            assertEquals(record.id(), event.getId());
            assertEquals(record.attribute("source"), event.getSource().toString());
            assertEquals(record.attribute("type"), event.getType());
            assertEquals(record.attribute("subject"), event.getSubject());
            // where there is none the library sometimes fills in application/json
            if (record.contentType() != null) {
                assertEquals(record.contentType(), event.getDataContentType());
            }
            assertEquals(record.timestamp(), event.getTime() == null ? null : event.getTime().toInstant());
            for (String name : event.getExtensionNames()) {
                assertEquals(record.attributes().get(name), event.getExtension(name));
            }
            if (record.data() == null) {
                assertNull(event.getData());
            } else if (event.getData() instanceof io.cloudevents.jackson.JsonCloudEventData json) {
                assertEquals(mapper.readTree(record.data()), json.getNode());
            } else {
                assertArrayEquals(record.data(), event.getData().toBytes());
            }
        }
    }

    @Test
    void whatTheCloudEventsLibraryWritesIsRead() throws Exception {
        JsonFormat format = new JsonFormat();
        for (ConnectorRecord record : (Iterable<ConnectorRecord>) Records.all()::iterator) {
            CloudEventBuilder builder = CloudEventBuilder.v1().withId(record.id())
                    .withSource(URI.create(record.attribute("source"))).withType(record.attribute("type"))
                    .withSubject(record.attribute("subject")).withDataContentType("application/octet-stream")
                    .withTime(record.timestamp() == null ? null : record.timestamp().atOffset(ZoneOffset.ofHours(5)));
            if (record.data() != null) {
                builder.withData(record.data());
            }
            ConnectorRecord read = StructuredJson.read(format.serialize(builder.build()));
            assertEquals(record.id(), read.id());
            assertEquals(record.timestamp(), read.timestamp());
            assertEquals(record.attribute("subject"), read.attribute("subject"));
            assertArrayEquals(record.data(), read.data());
        }
    }

    @Test
    void jsonIsWrittenAsItStands() throws Exception {
        String json = "{ \"a\" : 1.50, \"b\":\"\\u00fc\" }";
        String line = line(record().contentType("application/json").text(json).build());
        assertTrue(line.endsWith(",\"data\":" + json + "}"), line);
    }

    @Test
    void jsonWithoutAContentTypeIsWrittenAsItStands() throws Exception {
        String line = line(record().text("[1]").build());
        assertTrue(line.endsWith(",\"data\":[1]}"), line);
    }

    @Test
    void textIsWrittenAsAString() throws Exception {
        String line = line(record().contentType("text/plain").text("zwölf \"Boxkämpfer\"\n").build());
        assertTrue(line.endsWith(",\"data\":\"zwölf \\\"Boxkämpfer\\\"\\n\"}"), line);
    }

    @Test
    void binaryIsWrittenAsBase64() throws Exception {
        String line = line(record().contentType("image/png").data(new byte[]{-1, 0, 1}).build());
        assertTrue(line.endsWith(",\"data_base64\":\"/wAB\"}"), line);
    }

    @Test
    void jsonThatCantStandOnOneLineIsWrittenAsBase64() throws Exception {
        String line = line(record().contentType("application/json").text("{\n}").build());
        assertTrue(line.endsWith(",\"data_base64\":\"ewp9\"}"), line);
    }

    @Test
    void attributesKeepTheirTypes() throws Exception {
        String line = line(record().attribute("n", 7).attribute("b", true).attribute("s", "7")
                .timestamp(Instant.parse("2026-11-22T10:00:00.123456789Z")).build());
        Map<?, ?> map = new ObjectMapper().readValue(line, Map.class);
        assertEquals(7, map.get("n"));
        assertEquals(true, map.get("b"));
        assertEquals("7", map.get("s"));
        assertEquals("2026-11-22T10:00:00.123456789Z", map.get("time"));
    }

    @Test
    void sourcesReadIntoTheirOwnRecords() throws Exception {
        byte[] line = StructuredJson.write(record().contentType("text/plain").text("hello").build());
        byte[] buffer = new byte[line.length + 7];
        System.arraycopy(line, 0, buffer, 5, line.length);
        Position position = new Position(Map.of("file", "a"), Map.of("byte", 9L));
        SourceRecord read = StructuredJson.fill(buffer, 5, line.length, SourceRecord.at(position)).build();
        assertEquals("hello", read.text());
        assertEquals("1", read.id());
        assertEquals(position, read.progress());
        byte[] json = StructuredJson.write(record().contentType("application/json").text("{\"a\":\"b\"}").build());
        System.arraycopy(json, 0, buffer = new byte[json.length + 7], 5, json.length);
        assertEquals("{\"a\":\"b\"}", StructuredJson.fill(buffer, 5, json.length, SourceRecord.at(position)).build().text());
    }

    @Test
    void whatIsNoEventIsRefused() {
        EventFormatException e = assertThrows(EventFormatException.class,
                () -> StructuredJson.read("{\"level\":\"INFO\"}".getBytes(UTF_8)));
        assertTrue(e.getMessage().contains("specversion"), e.getMessage());
    }

    @Test
    void otherEncodingsThanUtf8AreRefused() {
        String event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data\":{\"a\":1}}";
        for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32")) {
            EventFormatException e = assertThrows(EventFormatException.class,
                    () -> StructuredJson.read(event.getBytes(charset)), charset);
            assertTrue(e.getMessage().contains("UTF-8"), e.getMessage());
        }
    }

    @Test
    void base64IsAString() {
        assertThrows(EventFormatException.class, () -> StructuredJson.read(
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data_base64\":5}".getBytes(UTF_8)));
    }

    @Test
    void anExtensionSpecversionIsRefused() {
        assertThrows(EventFormatException.class,
                () -> StructuredJson.write(record().attribute("specversion", "1.0").build()));
    }

    private static String line(ConnectorRecord record) throws EventFormatException {
        return new String(StructuredJson.write(record), UTF_8);
    }

    private static ConnectorRecord.Builder<?> record() {
        return ConnectorRecord.builder().attribute("id", "1").attribute("source", "/s").attribute("type", "t");
    }
}
