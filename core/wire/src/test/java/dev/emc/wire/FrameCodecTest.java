package dev.emc.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.apache.eventmesh.common.protocol.SubscriptionItem;
import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.apache.eventmesh.common.protocol.SubscriptionType;
import org.apache.eventmesh.common.protocol.tcp.Command;
import org.apache.eventmesh.common.protocol.tcp.Header;
import org.apache.eventmesh.common.protocol.tcp.Package;
import org.apache.eventmesh.common.protocol.tcp.RedirectInfo;
import org.apache.eventmesh.common.protocol.tcp.Subscription;
import org.apache.eventmesh.common.protocol.tcp.UserAgent;
import org.apache.eventmesh.common.protocol.tcp.codec.Codec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.EncoderException;

import dev.emc.api.ConnectorRecord;

/** Our codec against itself and against the SDK's own. */
class FrameCodecTest {

    private static final UserAgent AGENT = UserAgent.builder().env("PRD").subsystem("emc \"quoted\" ü").path("/opt/x\\y")
            .pid(4711).host("localhost").port(8080).version("1.0").username("user").password("secret").token("token")
            .idc("FT").group("file-sink").purpose("sub").unack(300).build();

    @ParameterizedTest
    @EnumSource(Command.class)
    void framesOfEveryCommandSurviveARoundTrip(Command command) {
        Frame frame = new Frame(command, 3, "too \"fast\"\n", "4711", Map.of("a", "1", "b\"", "zwei ü 😀"), null);
        Frame read = decode(encode(frame));
        assertEquals(frame.command(), read.command());
        assertEquals(frame.code(), read.code());
        assertEquals(frame.desc(), read.desc());
        assertEquals(frame.seq(), read.seq());
        assertEquals(frame.properties(), read.properties());
        assertEquals(0, read.body().length);
    }

    /** Takes all but what has the number 3. */
    private static final class AllButThree implements FrameDecoder.Shortcut {

        final List<String> acknowledged = new ArrayList<>();
        final List<String> pushed = new ArrayList<>();

        @Override
        public boolean acknowledged(byte[] header, int from, int to) {
            return take(new String(header, from, to - from, UTF_8), "", acknowledged);
        }

        @Override
        public boolean pushed(Frame like, String seq, byte[] body, int length) {
            return take(seq, " " + like.command() + " " + new String(body, 0, length, UTF_8), pushed);
        }

        private static boolean take(String seq, String rest, List<String> into) {
            return !seq.equals("3") && into.add(seq + rest);
        }
    }

    private static List<String> frames(FrameDecoder decoder, ByteBuf bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        channel.writeInbound(bytes);
        List<String> frames = new ArrayList<>();
        for (Frame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            frames.add(frame.seq() + (frame.body().length == 0 ? "" : " " + new String(frame.body(), UTF_8)));
        }
        return frames;
    }

    @Test
    void whatSaysYesToAnEventNeedsNoFrame() {
        ByteBuf bytes = Unpooled.buffer();
        for (int i = 1; i <= 4; i++) {
            FrameEncoder.write(Frame.of(Command.ASYNC_MESSAGE_TO_SERVER_ACK, Integer.toString(i), "the event".getBytes(UTF_8)),
                    bytes);
        }
        FrameEncoder.write(Frame.answer(Command.ASYNC_MESSAGE_TO_SERVER_ACK, Frame.FAIL, "full", "5"), bytes);
        FrameEncoder.write(Frame.answer(Command.ASYNC_MESSAGE_TO_SERVER_ACK, Frame.FAIL, "full", "6"), bytes);
        FrameEncoder.write(Frame.of(Command.HEARTBEAT_RESPONSE, "7"), bytes);

        AllButThree shortcut = new AllButThree();
        // a header like none before is read as a frame
        assertEquals(List.of("1", "3", "5", "6", "7"), frames(new FrameDecoder(FrameDecoder.DEFAULT_LIMIT, shortcut), bytes));
        assertEquals(List.of("2", "4"), shortcut.acknowledged);
    }

    @Test
    void anEventNeedsNoFrame() {
        ByteBuf bytes = Unpooled.buffer();
        String[] events = {"one", "two", "three", "fo\u00fcr", "x".repeat(70_000), ""};
        for (int i = 0; i < events.length; i++) {
            FrameEncoder.write(Frame.event(Command.ASYNC_MESSAGE_TO_CLIENT, Integer.toString(i + 1), events[i].getBytes(UTF_8)),
                    bytes);
        }
        FrameEncoder.write(Frame.answer(Command.ASYNC_MESSAGE_TO_CLIENT, Frame.FAIL, "lost", "7"), bytes);
        FrameEncoder.write(Frame.answer(Command.ASYNC_MESSAGE_TO_CLIENT, Frame.FAIL, "lost", "8"), bytes);

        AllButThree shortcut = new AllButThree();
        // a header like none before, one that is not taken, one that is too long, one without content, and what went wrong
        assertEquals(List.of("1 one", "3 three", "5 " + events[4], "6", "7", "8"),
                frames(new FrameDecoder(FrameDecoder.DEFAULT_LIMIT, shortcut), bytes));
        assertEquals(List.of("2 ASYNC_MESSAGE_TO_CLIENT two", "4 ASYNC_MESSAGE_TO_CLIENT " + events[3]), shortcut.pushed);
    }

    @Test
    void anEventWrittenInPlaceIsTheSameAsItsFrame() throws EventFormatException {
        ConnectorRecord record = ConnectorRecord.builder().attribute("id", "1").attribute("source", "/s").attribute("type", "t")
                .text("x".repeat(20_000)).build();
        JsonBuffer json = new JsonBuffer();
        for (long number : new long[]{0, 7, 10, 99, 1_000_000_007, Long.MAX_VALUE}) {
            json.clear();
            int start = FrameEncoder.beginEvent(json, Command.ASYNC_MESSAGE_TO_SERVER, "a-".getBytes(UTF_8), number);
            EventCodec.write(record, "orders", json);
            FrameEncoder.endEvent(json, start);

            ByteBuf expected = Unpooled.buffer();
            FrameEncoder.write(Frame.event(Command.ASYNC_MESSAGE_TO_SERVER, "a-" + number, EventCodec.write(record, "orders")),
                    expected);
            assertEquals(expected, Unpooled.wrappedBuffer(json.array(), 0, json.length()));
        }
    }

    @Test
    void whateverChangesFromOneHeaderToTheNextIsSeen() {
        List<Frame> frames = new ArrayList<>();
        for (String seq : new String[]{"1", "2", "", "two words", "a\"b", "\u00fc", null, "1", "x".repeat(2000), "3"}) {
            for (Command command : List.of(Command.ASYNC_MESSAGE_TO_CLIENT, Command.ASYNC_MESSAGE_TO_SERVER_ACK)) {
                for (int code : new int[]{0, 1, 11}) {
                    frames.add(new Frame(command, code, null, seq, Map.of(), null));
                    frames.add(new Frame(command, code, "full", seq, Map.of(), null));
                    frames.add(new Frame(command, code, "full", seq, Map.of("seq", "1"), null));
                    frames.add(new Frame(command, code, "full", seq, Map.of("seq", "2"), null));
                }
            }
        }
        Collections.shuffle(frames, new Random(7));
        frames.addAll(List.copyOf(frames));
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        for (Frame frame : frames) {
            channel.writeInbound(encode(frame));
            Frame read = channel.readInbound();
            assertEquals(frame.command(), read.command());
            assertEquals(frame.code(), read.code());
            assertEquals(frame.desc(), read.desc());
            assertEquals(frame.seq(), read.seq());
            assertEquals(frame.properties(), read.properties());
        }
        channel.finish();
    }

    @Test
    void theSdkReadsOurHello() {
        Package read = sdkDecode(encode(Frame.of(Command.HELLO_REQUEST, "0123456789", Bodies.write(AGENT))));
        assertEquals(Command.HELLO_REQUEST, read.getHeader().getCmd());
        assertEquals("0123456789", read.getHeader().getSeq());
        assertEquals(AGENT, read.getBody());
    }

    @Test
    void weReadTheHelloOfTheSdk() throws Exception {
        Frame read = decode(sdkEncode(new Package(new Header(Command.HELLO_REQUEST, 0, null, "7"), AGENT)));
        assertEquals(Command.HELLO_REQUEST, read.command());
        assertEquals("7", read.seq());
        assertNull(read.desc());
        assertEquals(AGENT, Bodies.userAgent(read.body()));
    }

    @Test
    void theSdkReadsOurSubscription() {
        SubscriptionItem item = new SubscriptionItem("orders", SubscriptionMode.CLUSTERING, SubscriptionType.ASYNC);
        Package read = sdkDecode(encode(Frame.of(Command.SUBSCRIBE_REQUEST, "1", Bodies.write(List.of(item)))));
        assertEquals(List.of(item), ((Subscription) read.getBody()).getTopicList());
    }

    @Test
    void weReadTheSubscriptionOfTheSdk() throws Exception {
        List<SubscriptionItem> items = List.of(
                new SubscriptionItem("a", SubscriptionMode.CLUSTERING, SubscriptionType.ASYNC),
                new SubscriptionItem("b", SubscriptionMode.BROADCASTING, SubscriptionType.SYNC));
        Frame read = decode(
                sdkEncode(new Package(new Header(Command.SUBSCRIBE_REQUEST, 0, null, "7"), new Subscription(items))));
        assertEquals(items, Bodies.subscription(read.body()));
    }

    @Test
    void theSdkReadsOurRedirection() {
        Package read = sdkDecode(encode(
                Frame.of(Command.REDIRECT_TO_CLIENT, "1", Bodies.write(new RedirectInfo("127.0.0.2", 10001)))));
        assertEquals("127.0.0.2", ((RedirectInfo) read.getBody()).getIp());
        assertEquals(10001, ((RedirectInfo) read.getBody()).getPort());
    }

    @Test
    void weReadTheRedirectionOfTheSdk() throws Exception {
        Frame read = decode(sdkEncode(
                new Package(new Header(Command.REDIRECT_TO_CLIENT, 0, null, null), new RedirectInfo("127.0.0.2", 10001))));
        assertNull(read.seq());
        assertEquals("127.0.0.2", Bodies.redirect(read.body()).getIp());
        assertEquals(10001, Bodies.redirect(read.body()).getPort());
    }

    @Test
    void theSdkReadsOurEvent() {
        String json = "{\"specversion\":\"1.0\",\"data\":\"ü😀\"}";
        Package read = sdkDecode(encode(Frame.event(Command.ASYNC_MESSAGE_TO_SERVER, "42", json.getBytes(UTF_8))));
        assertEquals("cloudevents", read.getHeader().getStringProperty("protocoltype"));
        assertEquals("1.0", read.getHeader().getStringProperty("protocolversion"));
        assertEquals("tcp", read.getHeader().getStringProperty("protocoldesc"));
        assertEquals(json, read.getBody());
    }

    @Test
    void weReadTheEventOfTheSdkAsRawBytes() {
        Header header = new Header(Command.ASYNC_MESSAGE_TO_CLIENT, 0, null, "42");
        header.putProperty("protocoltype", "cloudevents");
        header.putProperty("number", 7);
        byte[] json = "{\"specversion\":\"1.0\",\"data\":\"ü😀\"}".getBytes(UTF_8);
        Frame read = decode(sdkEncode(new Package(header, json)));
        assertEquals(Map.of("protocoltype", "cloudevents", "number", "7"), read.properties());
        assertArrayEquals(json, read.body());
    }

    @Test
    void theSdkReadsOurAnswer() {
        Package read = sdkDecode(encode(Frame.answer(Command.HELLO_RESPONSE, Frame.FAIL, "group is null", "42")));
        assertEquals(1, read.getHeader().getCode());
        assertEquals("group is null", read.getHeader().getDesc());
        assertNull(read.getBody());
    }

    @Test
    void aMissingSeqStaysMissing() {
        assertNull(decode(encode(Frame.of(Command.SERVER_GOODBYE_REQUEST, null))).seq());
        assertNull(sdkDecode(encode(Frame.of(Command.SERVER_GOODBYE_REQUEST, null))).getHeader().getSeq());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"cmd\":\"HELLO_REQUEST\",\"command\":\"HELLO_REQUEST\",\"code\":1,\"seq\":\"5\",\"properties\":null}",
            "{\"seq\":5,\"extra\":{\"cmd\":\"x\",\"a\":[1,{}]},\"code\":\"1\",\"cmd\":\"HELLO_REQUEST\"}",
            "{\"cmd\":\"HELLO_REQUEST\",\"desc\":{\"a\":1},\"code\":1,\"seq\":\"5\",\"properties\":[1,[2]]}",
            "{\"cmd\":\"HELLO_REQUEST\",\"code\":1,\"seq\":\"5\",\"properties\":{\"a\":null,\"b\":{\"c\":1},\"d\":[]}}"})
    void unusualHeadersAreUnderstood(String header) {
        Frame read = decode(raw(header, "body"));
        assertEquals(Command.HELLO_REQUEST, read.command());
        assertEquals(1, read.code());
        assertEquals("5", read.seq());
        assertNull(read.desc());
        assertEquals(Map.of(), read.properties());
        assertEquals("body", new String(read.body(), UTF_8));
    }

    @Test
    void bodiesOfAcknowledgementsAreDropped() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        channel.writeInbound(raw("{\"cmd\":\"ASYNC_MESSAGE_TO_SERVER_ACK\",\"seq\":\"1\"}", "{\"odd\":\"bean\"}"),
                raw("{\"cmd\":\"ASYNC_MESSAGE_TO_CLIENT\",\"seq\":\"2\"}", "kept"));
        assertEquals(0, ((Frame) channel.readInbound()).body().length);
        assertEquals("kept", new String(((Frame) channel.readInbound()).body(), UTF_8));
    }

    @Test
    void framesThatComeByteByByteAreRead() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        ByteBuf bytes = Unpooled.wrappedBuffer(encode(Frame.of(Command.HEARTBEAT_REQUEST, "1")),
                encode(Frame.event(Command.ASYNC_MESSAGE_TO_SERVER, "2", new byte[]{1, 2, 3})));
        while (bytes.isReadable()) {
            channel.writeInbound(bytes.readRetainedSlice(1));
        }
        assertEquals("1", ((Frame) channel.readInbound()).seq());
        assertArrayEquals(new byte[]{1, 2, 3}, ((Frame) channel.readInbound()).body());
        assertNull(channel.readInbound());
        bytes.release();
    }

    @Test
    void aBodyJustWithinTheLimitIsSent() {
        byte[] body = new byte[Frame.MAX_LENGTH - 200];
        body[body.length - 1] = 7;
        assertArrayEquals(body, decode(encode(Frame.event(Command.ASYNC_MESSAGE_TO_SERVER, "1", body))).body());
    }

    @Test
    void aFrameOverTheProtocolsLimitIsNotSent() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameEncoder());
        Frame frame = Frame.event(Command.ASYNC_MESSAGE_TO_SERVER, "1", new byte[Frame.MAX_LENGTH]);
        EncoderException e = assertThrows(EncoderException.class, () -> channel.writeOutbound(frame));
        assertTrue(e.getMessage().contains("over the limit"), e.getMessage());
    }

    @Test
    void aFrameOverTheLimitIsRefusedBeforeItHasCome() {
        ByteBuf prefix = Unpooled.buffer().writeBytes(FrameEncoder.MARK).writeInt(FrameDecoder.DEFAULT_LIMIT + 1).writeInt(50);
        assertTrue(problem(prefix).contains("over the limit"));
    }

    @Test
    void lengthsThatContradictEachOtherAreRefused() {
        assertTrue(problem(Unpooled.buffer().writeBytes(FrameEncoder.MARK).writeInt(100).writeInt(88))
                .contains("can't have a header of 88 bytes"));
        assertTrue(problem(Unpooled.buffer().writeBytes(FrameEncoder.MARK).writeInt(100).writeInt(-1))
                .contains("can't have a header"));
        assertTrue(problem(Unpooled.buffer().writeBytes(FrameEncoder.MARK).writeInt(100).writeInt(0))
                .contains("can't have a header of 0 bytes"));
    }

    @Test
    void anotherProtocolIsRefusedAtItsFirstBytes() {
        assertTrue(problem(Unpooled.copiedBuffer("GET /", UTF_8)).contains("not EventMesh's TCP protocol"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "nonsense", "{\"cmd\":\"HELLO_REQUEST\"", "{\"cmd\":\"NO_SUCH_THING\"}",
            "{\"cmd\":null}", "{\"cmd\":{}}", "7"})
    void anUnreadableHeaderIsRefusedInOneSentence(String header) {
        String problem = problem(raw(header, ""));
        assertTrue(problem.startsWith("The header of a frame "), problem);
        assertTrue(problem.endsWith("."), problem);
    }

    @Test
    void whatFollowsABadFrameIsIgnored() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        assertThrows(DecoderException.class, () -> channel.writeInbound(raw("{}", "")));
        channel.writeInbound(encode(Frame.of(Command.HEARTBEAT_REQUEST, "1")));
        assertNull(channel.readInbound());
        assertFalse(channel.finish());
    }

    @Test
    void unknownFieldsInBodiesAreIgnored() throws Exception {
        assertEquals("g", Bodies.userAgent("{\"x\":{\"group\":\"no\"},\"env\":null,\"group\":\"g\",\"pid\":{}}".getBytes(UTF_8))
                .getGroup());
        List<SubscriptionItem> items = Bodies.subscription(
                "{\"a\":[{}],\"topicList\":[1,[2],{\"x\":{},\"topic\":\"t\",\"mode\":\"other\"}]}".getBytes(UTF_8));
        assertEquals(List.of(new SubscriptionItem("t", SubscriptionMode.UNRECOGNIZED, SubscriptionType.UNRECOGNIZED)), items);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "[]", "{\"group\":"})
    void anUnreadableBodyIsRefusedInOneSentence(String body) {
        EventFormatException e = assertThrows(EventFormatException.class, () -> Bodies.userAgent(body.getBytes(UTF_8)));
        assertTrue(e.getMessage().startsWith("The body of a hello is not "), e.getMessage());
    }

    private static String problem(ByteBuf bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        return assertThrows(DecoderException.class, () -> channel.writeInbound(bytes)).getMessage();
    }

    private static ByteBuf raw(String header, String body) {
        byte[] headerBytes = header.getBytes(UTF_8);
        byte[] bodyBytes = body.getBytes(UTF_8);
        return Unpooled.buffer().writeBytes(FrameEncoder.MARK).writeInt(13 + headerBytes.length + bodyBytes.length)
                .writeInt(headerBytes.length).writeBytes(headerBytes).writeBytes(bodyBytes);
    }

    private static ByteBuf encode(Frame frame) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameEncoder());
        assertTrue(channel.writeOutbound(frame));
        return channel.readOutbound();
    }

    private static Frame decode(ByteBuf bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        assertTrue(channel.writeInbound(bytes));
        return channel.readInbound();
    }

    private static ByteBuf sdkEncode(Package frame) {
        EmbeddedChannel channel = new EmbeddedChannel(new Codec.Encoder());
        assertTrue(channel.writeOutbound(frame));
        return channel.readOutbound();
    }

    private static Package sdkDecode(ByteBuf bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new Codec.Decoder());
        assertTrue(channel.writeInbound(bytes));
        return channel.readInbound();
    }
}
