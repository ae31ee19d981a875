package dev.emc.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;

import dev.emc.api.ConnectorRecord;

class EventCodecTest {

    private static final String START = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"";

    @Test
    void recordsComeBackExactly() throws Exception {
        for (ConnectorRecord record : (Iterable<ConnectorRecord>) Records.all()::iterator) {
            ConnectorRecord read = EventCodec.read(EventCodec.write(record, "orders"));
            Records.assertSame(record, read);
            assertEquals("orders", read.topic());
        }
    }

    @Test
    void recordsComeBackExactlyThroughAServersOwnJson() throws Exception {
        JsonFormat format = new JsonFormat();
        for (ConnectorRecord record : (Iterable<ConnectorRecord>) Records.all()::iterator) {
            CloudEvent event = CloudEventBuilder.from(format.deserialize(EventCodec.write(record, "orders")))
                    .withExtension("protocoltype", "cloudevents").withExtension("reqc2eventmeshtimestamp", "1700000000000")
                    .withExtension("rsp0ip", "127.0.0.1").withExtension("somethingnew", "1").build();
            Records.assertSame(record, EventCodec.read(format.serialize(event)));
        }
    }

    @Test
    void typesOfAttributesSurviveAStoreThatTurnsThemIntoText() throws Exception {
        ConnectorRecord record = record().attribute("number", -7).attribute("yes", true).attribute("text", "7").build();
        String json = new String(EventCodec.write(record, "orders"), UTF_8);
        assertTrue(json.contains("\"number\":-7") && json.contains("\"yes\":true"), json);
        json = json.replace("\"number\":-7", "\"number\":\"-7\"").replace("\"yes\":true", "\"yes\":\"true\"");
        assertEquals(record.attributes(), EventCodec.read(json.getBytes(UTF_8)).attributes());
    }

    @Test
    void attributesWithTheMeshsNamesComeBack() throws Exception {
        ConnectorRecord record = record().attribute("protocoltype", "mine").attribute("rsp0ip", 1).attribute("emcdata", "x")
                .attribute("emcx", true).attribute("emcxemcx", "y").attribute("specversion", "9").attribute("emcext", "a,b")
                .build();
        Records.assertSame(record, EventCodec.read(EventCodec.write(record, "orders")));
        String pushed = new String(EventCodec.write(record, "orders"), UTF_8).replaceFirst("\\{",
                "{\"protocoltype\":\"cloudevents\",\"rsp0ip\":\"10.0.0.1\",");
        Records.assertSame(record, EventCodec.read(pushed.getBytes(UTF_8)));
    }

    @Test
    void eventsKeepEventMeshsRules() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        for (ConnectorRecord record : (Iterable<ConnectorRecord>) Records.all()::iterator) {
            Map<?, ?> json = mapper.readValue(EventCodec.write(record, "orders"), Map.class);
            assertEquals("orders", json.get("subject"));
            assertEquals("application/cloudevents+json", json.get("datacontenttype"));
            assertTrue(json.get("data") instanceof String);
            assertFalse(json.containsKey("data_base64"));
            json.keySet().forEach(name -> assertTrue(name.toString().matches("[a-z0-9]+"), name.toString()));
        }
    }

    @Test
    void textTravelsReadably() throws Exception {
        String json = new String(EventCodec.write(record().text("grüße").contentType("text/plain").build(), "orders"), UTF_8);
        assertTrue(json.contains("\"data\":\"grüße\""), json);
    }

    @Test
    void foreignEventsKeepEverythingButTheMeshsAdditions() throws Exception {
        ConnectorRecord record = EventCodec.read((START
                + ",\"subject\":\"orders\",\"datacontenttype\":\"application/cloudevents"
                + "+json\",\"dataschema\":\"x:y\",\"time\":\"2026-11-22T12:00:00.123456789+02:00\",\"protocoltype\":\"a\","
                + "\"protocolversion\":\"1.0\",\"protocoldesc\":\"tcp\",\"reqc2eventmeshtimestamp\":\"1\","
                + "\"rspeventmesh2ctimestamp\":\"1\",\"reqsendeventmeship\":\"1\",\"rsp0ip\":\"1\",\"req0sys\":\"1\","
                + "\"requestid\":\"mine\",\"n\":42,\"l\":12345678901,\"b\":false,\"d\":1.5,\"o\":{\"a\": 1},\"x\":null,"
                + "\"data\" : { \"a\" : [ 1.0 , \"\\u00fc\" ] } }").getBytes(UTF_8));
        assertEquals("orders", record.topic());
        assertEquals(Map.of("id", "1", "source", "/s", "type", "t", "subject", "orders", "dataschema", "x:y", "requestid",
                "mine", "n", 42, "l", "12345678901", "b", false, "d", "1.5"), without(record.attributes(), "o"));
        assertEquals("{\"a\": 1}", record.attribute("o"));
        assertEquals("application/cloudevents+json", record.contentType());
        assertEquals(Instant.parse("2026-11-22T10:00:00.123456789Z"), record.timestamp());
        assertEquals("{ \"a\" : [ 1.0 , \"\\u00fc\" ] }", record.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"text \\\" \\\\\"", "12", "-1.50", "true", "false", "[]", "{\"data\":{\"data\":1}}", "\"\""})
    void foreignDataStaysAsItStands(String data) throws Exception {
        for (String template : List.of(",\"data\":%s}", ",\"data\": %s }", ",\"data\" :\n%s\n,\"ext\":\"e\"}")) {
            String json = START + String.format(template, data);
            assertEquals(data, EventCodec.read(json.getBytes(UTF_8)).text(), json);
        }
    }

    @Test
    void foreignBinaryDataIsDecoded() throws Exception {
        assertArrayEquals(new byte[]{-1, 0, 63},
                EventCodec.read((START + ",\"data_base64\":\"/wA/\"}").getBytes(UTF_8)).data());
        assertArrayEquals(new byte[]{-1, 0, 63},
                EventCodec.read((START + ",\"data_base64\":\"\\/wA\\u002f\"}").getBytes(UTF_8)).data());
    }

    @Test
    void foreignTextOfAnotherContentTypeIsThatText() throws Exception {
        assertEquals("a\"😀", EventCodec
                .read((START + ",\"datacontenttype\":\"text/plain\",\"data\":\"a\\\"\\ud83d\\ude00\"}").getBytes(UTF_8))
                .text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"}", ",\"data\":null}"})
    void foreignEventsWithoutDataHaveNone(String end) throws Exception {
        assertNull(EventCodec.read((START + end).getBytes(UTF_8)).data());
    }

    @Test
    void foreignEventsOfTheJavaLibraryAreRead() throws Exception {
        CloudEvent event = CloudEventBuilder.v1().withId("1").withSource(URI.create("/s")).withType("t").withSubject("orders")
                .withDataContentType("application/cloudevents+json").withData("{\"a\":\"ü\"}".getBytes(UTF_8)).build();
        ConnectorRecord record = EventCodec.read(new JsonFormat().serialize(event));
        assertEquals("orders", record.topic());
        assertEquals("{\"a\":\"ü\"}", record.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "nonsense", "[]", "\"x\"", "{", "{\"id\":1", START, START + ",\"data\":\"",
            START + ",\"data\":\"\\",
            START + ",\"data\":\"\\u00\"}", START + ",\"data\":\"a\nb\"}", START + "}x", START + "} {}", "{}",
            "{\"specversion\":\"1.0\",\"source\":\"/s\",\"type\":\"t\"}",
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\"}",
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\"}",
            "{\"specversion\":\"1.0\",\"id\":null,\"source\":\"/s\",\"type\":\"t\"}",
            "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}", START + ",\"time\":\"yesterday\"}",
            START + ",\"data_base64\":\"!\"}", START + ",\"emcdata\":\"base64\",\"data\":\"!\"}",
            START + ",\"emcdata\":\"zip\",\"data\":\"x\"}"})
    void whatIsNoEventIsRefusedInOneSentence(String json) {
        EventFormatException e = assertThrows(EventFormatException.class, () -> EventCodec.read(json.getBytes(UTF_8)));
        assertTrue(e.getMessage().matches("[A-Z].*\\."), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }

    @Test
    void everyPrefixOfAnEventIsRefused() throws Exception {
        byte[] json = EventCodec.write(record().text("a \" \\ ü 😀").attribute("n", 1).build(), "orders");
        for (int length = 0; length < json.length; length++) {
            byte[] prefix = Arrays.copyOf(json, length);
            assertThrows(EventFormatException.class, () -> EventCodec.read(prefix));
        }
    }

    @Test
    void damagedBytesNeverBreakTheReader() throws Exception {
        byte[] json = EventCodec.write(record().text("a \" \\ ü 😀").attribute("n", 1).build(), "orders");
        for (int i = 0; i < json.length; i++) {
            for (byte b : new byte[]{0, '"', '\\', '{', '}', ',', (byte) 0x80, (byte) 0xFF}) {
                byte[] damaged = json.clone();
                damaged[i] = b;
                try {
                    EventCodec.read(damaged);
                } catch (EventFormatException e) {
                    assertTrue(e.getMessage().endsWith("."), e.getMessage());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upper", "with-dash", "with_line", "ü", ""})
    void namesThatNoCloudEventCanHaveAreRefused(String name) {
        EventFormatException e = assertThrows(EventFormatException.class,
                () -> EventCodec.write(record().attribute(name, "x").build(), "orders"));
        assertTrue(e.getMessage().contains("'" + name + "'"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "source", "type"})
    void recordsWithoutARequiredAttributeAreRefused(String name) {
        for (String value : new String[]{null, ""}) {
            EventFormatException e = assertThrows(EventFormatException.class,
                    () -> EventCodec.write(record().attribute(name, value).build(), "orders"));
            assertTrue(e.getMessage().contains("'" + name + "'"), e.getMessage());
        }
    }

    @Test
    void aSourceThatIsNoUriIsRefused() {
        EventFormatException e = assertThrows(EventFormatException.class,
                () -> EventCodec.write(record().attribute("source", "my file").build(), "orders"));
        assertTrue(e.getMessage().contains("has to be a URI"), e.getMessage());
    }

    @Test
    void halfASurrogatePairInAnAttributeIsRefused() {
        for (String bad : new String[]{"\ud800", "\ud800x", "x\udc00", "\udc00\ud800", "\ud83d\ud83d\ude00"}) {
            assertThrows(EventFormatException.class,
                    () -> EventCodec.write(record().attribute("a", bad).build(), "orders"));
        }
    }

    private static ConnectorRecord.Builder<?> record() {
        return ConnectorRecord.builder().attribute("id", "1").attribute("source", "/s").attribute("type", "t");
    }

    private static Map<String, Object> without(Map<String, Object> map, String key) {
        Map<String, Object> rest = new HashMap<>(map);
        rest.remove(key);
        return rest;
    }

    @Test
    void theLengthOfTheDataIsCountedInCharactersOfItsJsonValue() throws Exception {
        byte[] event = EventCodec.write(ConnectorRecord.builder().attribute("id", "1").attribute("source", "/s")
                .attribute("type", "t").text("\u00e9\"").build(), "orders");
        assertEquals("\"\u00e9\\\"\"".length(), EventCodec.dataLength(event));
    }

    @Test
    void anEventFullOfAttributesDoesNotHoldUpTheOthers() {
        StringBuilder json = new StringBuilder(START);
        for (int i = 0; i < 100_000; i++) {
            json.append(",\"a").append(i).append("\":").append(i);
        }
        byte[] event = json.append(",\"a7\":1}").toString().getBytes(UTF_8);
        ConnectorRecord record = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> EventCodec.read(event));
        assertEquals(100_003, record.attributes().size());
        assertEquals(1, record.attributes().get("a7"));
        assertEquals(99_999, record.attributes().get("a99999"));
    }
}
