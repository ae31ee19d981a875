package dev.emc.core.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.core.transform.TransformSettings.Convert;
import dev.emc.wire.StructuredJson;

class PayloadTransformsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "/a|{\"a\":{\"b\": 1.50, \"c\":[ ] }}|{\"b\": 1.50, \"c\":[ ] }",
            "/a|{ \"a\" : 1.50 , \"b\":2}|1.50",
            "/a|{\"a\":-1e5}|-1e5",
            "/a|{\"a\":\"ümläut \\\" \\u00e4\",\"b\":1}|\"ümläut \\\" \\u00e4\"",
            "/a|{\"a\":null}|null",
            "/a|{\"a\":true }|true",
            "/a/1/b|{\"a\":[0,{\"b\":[]}]}|[]",
            "/1|[0, 17 ,2]|17",
            "/a~1b/m~0n|{\"a/b\":{\"m~n\":1}}|1",
            "/|{\"\":1}|1",
            "/0|{\"0\":\"x\"}|\"x\"",
            "/a|{\"a\":1,\"a\":2}|2",
            "/a|{\"a\":\"漢字\"}|\"漢字\""})
    void aPickedPartIsThePayloadAsItStands(String pointer, String data, String expected) throws Exception {
        assertEquals(expected, Events.transformed(json(data), Events.payload(pointer, null, null)).text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "/b|{\"a\":1}|The payload of event '1' has nothing at /b.",
            "/a/b|{\"a\":1}|The payload of event '1' has nothing at /a/b.",
            "/a/0|{\"a\":[]}|The payload of event '1' has nothing at /a/0.",
            "/a/-|{\"a\":[1]}|The payload of event '1' has nothing at /a/-.",
            "/a|1|The payload of event '1' has nothing at /a.",
            "/a/b|{\"a\":{\"b\":1},\"a\":{}}|The payload of event '1' has nothing at /a/b.",
            "/a|{\"a\":1|The payload of event '1' is not JSON: it can't be read at byte 6.",
            "/a|{\"a\":1} x|The payload of event '1' is not JSON: it can't be read at byte 9.",
            "/a|{\"a\":1} {}|The payload of event '1' is more than one JSON value.",
            "/a|``|The payload of event '1' is not JSON: it is empty.",
            "/a|hello|The payload of event '1' is not JSON: it can't be read at byte 5."})
    void whatCannotBePickedIsSaid(String pointer, String data, String expected) {
        assertEquals(expected, failure(json(data), Events.payload(pointer, null, null)));
    }

    @Test
    void nothingCanBePickedFromAnEventWithoutPayload() {
        assertEquals("Event '1' has no payload to take /a from.",
                failure(Events.order().data(null).build(), Events.payload("/a", null, null)));
    }

    @Test
    void jsonInAnotherEncodingIsNotRead() {
        ConnectorRecord record = Events.order().data("{\"a\":1}".getBytes(StandardCharsets.UTF_16BE)).build();

        assertEquals("The payload of event '1' is not JSON.", failure(record, Events.payload("/a", null, null)));
    }

    @Test
    void aByteOrderMarkIsNoPartOfThePayload() throws Exception {
        assertEquals("{\"v\":1}", Events.transformed(json("\uFEFF1"), Events.payload(null, "v", null)).text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", value = {"application/json|application/json",
            "application/vnd.order+json; charset=utf-8|application/vnd.order+json; charset=utf-8",
            "text/plain|application/json",
            "none|application/json"})
    void aPickedPartHasAContentTypeOfJson(String before, String after) throws Exception {
        ConnectorRecord record = Events.order().contentType(before).build();

        assertEquals(after, Events.transformed(record, Events.payload("/order", null, null)).contentType());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "none", value = {
            "application/json| {\"a\": 1} |{\"v\":{\"a\": 1}}",
            "application/json|2|{\"v\":2}",
            "none|{\"a\":1}|{\"v\":{\"a\":1}}",
            "none|hello|{\"v\":\"hello\"}",
            "text/plain|1|{\"v\":\"1\"}",
            "text/plain|say \"ü\"|{\"v\":\"say \\\"ü\\\"\"}",
            "text/plain|``|{\"v\":\"\"}",
            "text/plain|none|{\"v\":null}"})
    void aWrappedPayloadIsTheValueOfTheKey(String type, String data, String expected) throws Exception {
        ConnectorRecord record = Events.order().contentType(type).text(data).build();

        ConnectorRecord wrapped = Events.transformed(record, Events.payload(null, "v", null));

        assertEquals(expected, wrapped.text());
        assertEquals("application/json", wrapped.contentType());
    }

    @Test
    void aWrappedBinaryPayloadIsInBase64() throws Exception {
        ConnectorRecord record = Events.order().contentType("image/png").data(new byte[]{-1, 0, 1}).build();

        assertEquals("{\"v\":\"/wAB\"}", Events.transformed(record, Events.payload(null, "v", null)).text());
    }

    @Test
    void theKeyOfAWrappedPayloadIsEscaped() throws Exception {
        assertEquals("{\"a\\\"ü\":1}", Events.transformed(json("1"), Events.payload(null, "a\"ü", null)).text());
    }

    @Test
    void whatShouldBeJsonAndIsNotCannotBeWrapped() {
        assertEquals("The payload of event '1' is not JSON: it can't be read at byte 5.",
                failure(json("hello"), Events.payload(null, "v", null)));
    }

    @Test
    void pickComesBeforeWrap() throws Exception {
        assertEquals("{\"o\":{\"id\":7}}",
                Events.transformed(Events.order().build(), Events.payload("/order", "o", Convert.JSON)).text());
    }

    @Test
    void convertToJsonLeavesJsonAlone() throws Exception {
        ConnectorRecord order = Events.order().build();

        assertSame(order, Events.transformed(order, Events.payload(null, null, Convert.JSON)));
    }

    @Test
    void convertToJsonMakesAStringOfText() throws Exception {
        ConnectorRecord record = Events.order().contentType("text/plain").text("a\nb").build();

        ConnectorRecord json = Events.transformed(record, Events.payload(null, null, Convert.JSON));

        assertEquals("\"a\\nb\"", json.text());
        assertEquals("application/json", json.contentType());
    }

    @Test
    void convertToJsonLeavesNoPayloadAlone() throws Exception {
        ConnectorRecord record = Events.order().contentType("text/plain").data(null).build();

        assertSame(record, Events.transformed(record, Events.payload(null, null, Convert.JSON)));
    }

    @Test
    void theWholeEventCanBeThePayload() throws Exception {
        ConnectorRecord order = Events.order().build();

        ConnectorRecord structured = Events.transformed(order, Events.payload(null, null, Convert.STRUCTURED));

        assertArrayEquals(StructuredJson.write(order), structured.data());
        assertEquals("application/cloudevents+json", structured.contentType());
        assertEquals(order.attributes(), structured.attributes());
        assertEquals(order.timestamp(), structured.timestamp());
    }

    @Test
    void theEventInThePayloadHasTheOtherChanges() throws Exception {
        ConnectorRecord structured = Events.transformed(Events.order().build(), new TransformSettings(Map.of(), List.of("time"),
                Map.of("region", "us"), "/order", null, Convert.STRUCTURED));

        assertEquals("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"urn:shop\",\"type\":\"order.created\","
                + "\"datacontenttype\":\"application/json\",\"subject\":\"orders/1\",\"region\":\"us\",\"items\":3,"
                + "\"express\":true,\"data\":{\"id\":7}}", structured.text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", value = {"application/json|{\"a\":1}", "text/plain|ü", "none|none",
            "none|{}", "text/plain|none"})
    void anEventComesOutOfAPayloadAsItWentIn(String type, String data) throws Exception {
        assertRoundTrip(Events.order().contentType(type).text(data).build());
    }

    @Test
    void aBinaryPayloadComesOutAsItWentIn() throws Exception {
        assertRoundTrip(Events.order().contentType("image/png").data(new byte[]{-1, 0, 1}).build());
    }

    private static void assertRoundTrip(ConnectorRecord order) throws PermanentException {
        ConnectorRecord carried = Events.transformed(order, Events.payload(null, null, Convert.STRUCTURED));
        ConnectorRecord carrier = ConnectorRecord.builder().topic("t").attribute("id", "9").attribute("source", "x")
                .attribute("type", "carrier").attribute("extra", "gone").data(carried.data())
                .contentType(carried.contentType()).build();

        ConnectorRecord raw = Events.transformed(carrier, Events.payload(null, null, Convert.RAW));

        assertArrayEquals(order.data(), raw.data());
        assertEquals(order.contentType(), raw.contentType());
        assertEquals(order.attributes(), raw.attributes());
        assertEquals(order.timestamp(), raw.timestamp());
        assertEquals("t", raw.topic());
    }

    @Test
    void theOtherChangesApplyToTheEventThatCameOut() throws Exception {
        ConnectorRecord carrier = Events.order().data(Events.transformed(Events.order().build(),
                Events.payload(null, null, Convert.STRUCTURED)).data()).build();

        ConnectorRecord raw = Events.transformed(carrier, new TransformSettings(Map.of("region", "area"), List.of(),
                Map.of(), "/order/id", null, Convert.RAW));

        assertEquals("7", raw.text());
        assertEquals("eu", raw.attribute("area"));
    }

    @Test
    void whatIsNoEventCannotBeTakenOut() {
        assertEquals("The payload of event '1' is no event in CloudEvents JSON. This is no CloudEvent 1.0: its 'specversion' is"
                + " missing.", failure(json("{}"), Events.payload(null, null, Convert.RAW)));
    }

    @Test
    void noPayloadIsNoEvent() {
        assertEquals(
                "The payload of event '1' is no event in CloudEvents JSON. This is no CloudEvent: it is not a JSON object.",
                failure(Events.order().data(null).build(), Events.payload(null, null, Convert.RAW)));
    }

    @Test
    void anEventThatCannotBeWrittenIsSaid() {
        ConnectorRecord record = Events.order().attribute("source", "no uri").build();

        assertEquals("The source of event '1' has to be a URI but is 'no uri'.",
                failure(record, Events.payload(null, null, Convert.STRUCTURED)));
    }

    @Test
    void theContentTypeThatIsSetTellsWhatThePayloadIs() throws Exception {
        ConnectorRecord record = Events.order().contentType("application/octet-stream").build();

        assertEquals("{\"v\":{\"order\":{\"id\":7}}}", Events.transformed(record, new TransformSettings(Map.of(), List.of(),
                Map.of("datacontenttype", "application/json"), null, "v", null)).text());
    }

    @Test
    void aPayloadWithoutTypeStaysWithoutOneWhereNothingTouchesIt() throws Exception {
        ConnectorRecord record = Events.order().contentType(null).build();

        assertNull(Events.transformed(record, Events.set("region", "us")).contentType());
    }

    private static ConnectorRecord json(String data) {
        return Events.order().text(data).build();
    }

    private static String failure(ConnectorRecord record, TransformSettings settings) {
        return assertThrows(PermanentException.class, () -> Events.transformed(record, settings)).getMessage();
    }
}
