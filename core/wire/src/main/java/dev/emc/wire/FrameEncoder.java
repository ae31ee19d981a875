package dev.emc.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

import org.apache.eventmesh.common.protocol.tcp.Command;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.MessageToByteEncoder;

/** Writes {@link Frame}s to the network. */
public final class FrameEncoder extends MessageToByteEncoder<Frame> {

    /** {@code EventMesh} and the protocol version {@code 0000}. */
    static final byte[] MARK = ascii("EventMesh0000");

    private static final Map<Command, byte[]> STARTS = new EnumMap<>(Command.class);
    private static final byte[] CODE = ascii(",\"code\":");
    private static final byte[] GOOD = ascii(",\"code\":" + Frame.SUCCESS);
    private static final byte[] NO_LENGTHS = new byte[8];
    private static final byte[] DESC = ascii(",\"desc\":\"");
    private static final byte[] SEQ = ascii(",\"seq\":\"");
    private static final byte[] CLOUDEVENT = ascii(",\"properties\":{\"protocoltype\":\"cloudevents\","
            + "\"protocolversion\":\"1.0\",\"protocoldesc\":\"tcp\"}}");
    private static final byte[] NO_PROPERTIES = ascii(",\"properties\":{}}");
    private static final byte[] PROPERTIES = ascii(",\"properties\":{");
    /** What a header takes at the most besides its texts. */
    private static final int HEADER_SIZE = 256;

    static {
        for (Command command : Command.values()) {
            STARTS.put(command, ascii("{\"cmd\":\"" + command.name() + "\""));
        }
    }

    public FrameEncoder() {
        super(Frame.class);
    }

    @Override
    protected ByteBuf allocateBuffer(ChannelHandlerContext context, Frame frame, boolean preferDirect) {
        int capacity = MARK.length + 8 + HEADER_SIZE + frame.body().length;
        return preferDirect ? context.alloc().ioBuffer(capacity) : context.alloc().heapBuffer(capacity);
    }

    @Override
    protected void encode(ChannelHandlerContext context, Frame frame, ByteBuf out) {
        write(frame, out);
    }

    /**
     * Writes a frame behind what is in a buffer already.
     *
     * @throws EncoderException when the frame is too long for the protocol; the buffer is as before then
     */
    public static void write(Frame frame, ByteBuf out) {
        byte[] body = frame.body();
        int before = out.writerIndex();
        out.ensureWritable(MARK.length + 8 + HEADER_SIZE + body.length);
        out.writeBytes(MARK);
        int lengths = out.writerIndex();
        out.writeLong(0);
        int start = out.writerIndex();
        header(frame, out);
        int header = out.writerIndex() - start;
        long length = (long) MARK.length + header + body.length;
        if (length > Frame.MAX_LENGTH) {
            out.writerIndex(before);
            throw new EncoderException("A message of " + length + " bytes is over the limit of EventMesh's protocol, "
                    + Frame.MAX_LENGTH + " bytes.");
        }
        out.setInt(lengths, (int) length);
        out.setInt(lengths + 4, header);
        out.writeBytes(body);
    }

    /**
     * Writes all of a message that carries an event but for the event, which is to be written next. {@link #endEvent} has to
     * follow then.
     *
     * @param json empty
     * @param seqPrefix what the sequence number begins with: plain ASCII
     * @return where the event begins
     */
    public static int beginEvent(JsonBuffer json, Command command, byte[] seqPrefix, long number) {
        json.raw(MARK).raw(NO_LENGTHS).raw(STARTS.get(command)).raw(GOOD).raw(SEQ).raw(seqPrefix).number(number).raw('"')
                .raw(CLOUDEVENT);
        return json.length();
    }

    /**
     * Ends a message that was begun with {@link #beginEvent}.
     *
     * @param event where the event begins
     */
    public static void endEvent(JsonBuffer json, int event) {
        int header = event - MARK.length - NO_LENGTHS.length;
        ByteBuffer.wrap(json.array()).putInt(MARK.length, json.length() - NO_LENGTHS.length).putInt(MARK.length + 4, header);
    }

    private static void header(Frame frame, ByteBuf out) {
        out.writeBytes(STARTS.get(frame.command()));
        out.writeBytes(CODE);
        if (frame.code() >= 0 && frame.code() <= 9) {
            out.writeByte('0' + frame.code());
        } else {
            ByteBufUtil.writeAscii(out, Integer.toString(frame.code()));
        }
        if (frame.desc() != null) {
            out.writeBytes(DESC);
            text(frame.desc(), out);
            out.writeByte('"');
        }
        if (frame.seq() != null) {
            out.writeBytes(SEQ);
            text(frame.seq(), out);
            out.writeByte('"');
        }
        Map<String, String> properties = frame.properties();
        if (properties.isEmpty()) {
            out.writeBytes(NO_PROPERTIES);
        } else if (properties == Frame.CLOUDEVENT) {
            out.writeBytes(CLOUDEVENT);
        } else {
            out.writeBytes(PROPERTIES);
            String separator = "\"";
            for (Map.Entry<String, String> property : properties.entrySet()) {
                ByteBufUtil.writeAscii(out, separator);
                text(property.getKey(), out);
                ByteBufUtil.writeAscii(out, "\":\"");
                text(property.getValue(), out);
                separator = "\",\"";
            }
            ByteBufUtil.writeAscii(out, "\"}}");
        }
    }

    private static void text(String text, ByteBuf out) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        boolean plain = Words.endOfPlainAscii(utf8, 0, utf8.length) == utf8.length;
        out.writeBytes(plain ? utf8 : JsonStringEncoder.getInstance().quoteAsUTF8(text));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
