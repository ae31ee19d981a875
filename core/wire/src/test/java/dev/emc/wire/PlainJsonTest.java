package dev.emc.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;

import dev.emc.api.ConnectorRecord;

/** The quick way to read events and headers gives what the parser gives, for whatever comes. */
class PlainJsonTest {

    private static final int ROUNDS = 40_000;
    private static final String[] EVENTS = {
            "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"orders\","
                    + "\"datacontenttype\":\"application/cloudevents+json\",\"emcdata\":\"text\",\"emcext\":\"n:i,b:b,x\","
                    + "\"n\":12,\"b\":true,\"x\":\"y\",\"data\":\"a\\\"b\\u00e9\\n\u00e9\ud83d\ude00\"}",
            "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"/s\",\"type\":\"t\",\"time\":\"2026-11-22T10:00:00Z\","
                    + "\"datacontenttype\":\"text/plain\",\"data\":\"x\",\"n\":-1,\"f\":1.5,\"z\":null,\"o\":{\"a\":[1]}}",
            "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"/s\",\"type\":\"t\",\"data_base64\":\"AAEC\",\"b\":false}",
            "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"/s\",\"type\":\"t\",\"data\":{\"a\":[1,2]},\"n\":2147483648}"};
    private static final String[] HEADERS = {
            "{\"cmd\":\"ASYNC_MESSAGE_TO_CLIENT\",\"command\":\"ASYNC_MESSAGE_TO_CLIENT\",\"code\":0,\"desc\":null,"
                    + "\"seq\":\"12\",\"properties\":{\"protocoltype\":\"cloudevents\",\"protocolversion\":\"1.0\"}}",
            "{\"cmd\":\"HELLO_RESPONSE\",\"code\":1,\"desc\":\"no\",\"seq\":\"a\",\"properties\":{}}",
            "{\"cmd\":\"ASYNC_MESSAGE_TO_CLIENT\",\"seq\":7,\"properties\":{\"n\":1,\"o\":{},\"s\":\"\\u0041\"}}"};

    private final Random random = new Random(7);

    @Test
    void eventsAreReadAsByTheParser() {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] event = mutated(EVENTS[random.nextInt(EVENTS.length)]);
            assertEquals(read(blank(event)), read(event), () -> new String(event, StandardCharsets.UTF_8));
        }
    }

    @Test
    void headersAreReadAsByTheParser() {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] header = mutated(HEADERS[random.nextInt(HEADERS.length)]);
            assertEquals(frame(blank(header)), frame(header), () -> new String(header, StandardCharsets.UTF_8));
        }
    }

    @Test
    void propertiesThatComeAgainAreTheSameObject() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        byte[] header = HEADERS[0].getBytes(StandardCharsets.UTF_8);
        channel.writeInbound(bytes(header), bytes(header));
        Frame first = channel.readInbound();
        Frame second = channel.readInbound();
        assertSame(first.properties(), second.properties());
        assertEquals("cloudevents", second.properties().get("protocoltype"));
    }

    @Test
    void otherPropertiesAreReadAnew() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        channel.writeInbound(bytes(HEADERS[0].getBytes(StandardCharsets.UTF_8)),
                bytes(HEADERS[0].replace("cloudevents", "openmessage").getBytes(StandardCharsets.UTF_8)));
        channel.readInbound();
        Frame second = channel.readInbound();
        assertEquals("openmessage", second.properties().get("protocoltype"));
    }

    @Test
    void textsOfTheSameHashAreToldApart() {
        PlainJson json = new PlainJson();
        // more than are remembered
        for (int i = 0; i < 5_000; i++) {
            String text = Integer.toString(i).repeat(i % 20);
            byte[] bytes = ('"' + text + '"').getBytes(StandardCharsets.US_ASCII);
            json.reset(bytes, 0, bytes.length);
            assertTrue(json.string());
            assertEquals(text, json.sharedText());
        }
    }

    @Test
    void aPartOfAnArrayIsRead() throws Exception {
        byte[] event = EVENTS[2].getBytes(StandardCharsets.UTF_8);
        byte[] around = ("\"" + EVENTS[2] + "\"").getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(EventReader.read(event, 0, event.length).data(),
                EventReader.read(around, 1, event.length).data());
    }

    /** As it is, or with some bytes changed, removed or doubled. */
    private byte[] mutated(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int changes = random.nextInt(3); changes > 0 && bytes.length > 1; changes--) {
            int at = 1 + random.nextInt(bytes.length - 1);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) "{}[]\":,\\01-nt".charAt(random.nextInt(13));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
                    System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }

    /** With a blank after the first character, so that it isn't plain any more and means the same. */
    private static byte[] blank(byte[] json) {
        byte[] longer = new byte[json.length + 1];
        longer[0] = json[0];
        longer[1] = ' ';
        System.arraycopy(json, 1, longer, 2, json.length - 1);
        return longer;
    }

    private static String read(byte[] event) {
        try {
            ConnectorRecord record = EventCodec.read(event);
            return record.attributes() + " " + record.contentType() + " " + record.timestamp() + " " + record.topic() + " "
                    + Arrays.toString(record.data());
        } catch (EventFormatException e) {
            return "no event";
        }
    }

    private static String frame(byte[] header) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        try {
            channel.writeInbound(bytes(header));
            Frame frame = channel.readInbound();
            return frame + " " + new TreeMap<>(frame.properties());
        } catch (DecoderException e) {
            return "no frame";
        } finally {
            channel.close();
        }
    }

    private static Object bytes(byte[] header) {
        return Unpooled.buffer().writeBytes("EventMesh0000".getBytes(StandardCharsets.US_ASCII)).writeInt(13 + header.length)
                .writeInt(header.length).writeBytes(header);
    }
}
