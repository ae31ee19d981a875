package dev.emc.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.eventmesh.common.protocol.tcp.Command;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;

/**
 * Reads {@link Frame}s from the network. A frame that breaks the protocol fails with a {@link DecoderException}; what
 * comes after it is ignored, because nothing tells where the next one begins, and the connection should be closed.
 *
 * <p>The bodies of acknowledgements are dropped: EventMesh and its SDK send the whole event back in them, and nobody
 * reads it.
 */
public final class FrameDecoder extends ByteToMessageDecoder {

    /**
     * Largest frame that is taken by default, in bytes: servers add attributes of their own to an event that was just
     * within {@link Frame#MAX_LENGTH}.
     */
    public static final int DEFAULT_LIMIT = Frame.MAX_LENGTH + 64 * 1024;

    /** Longest header that is compared with the next one, in bytes. */
    private static final int REMEMBERED = 1024;
    /** Longest event that takes the shortcut, in bytes. */
    private static final int SHARED = 64 * 1024;
    private static final int PREFIX = FrameEncoder.MARK.length + 8;
    private static final Map<String, Command> COMMANDS = new HashMap<>();

    static {
        for (Command command : Command.values()) {
            COMMANDS.put(command.name(), command);
        }
    }

    /** Gets what comes once for each event without that a frame is made of it. */
    public interface Shortcut {

        /**
         * The other side has taken what was sent.
         *
         * @param header has the sequence number, in plain ASCII, from here to there
         * @return false to get it as a frame
         */
        boolean acknowledged(byte[] header, int from, int to);

        /**
         * The other side has sent an event.
         *
         * @param like its frame but for the sequence number and the body; the same object as long as nothing else changes
         * @param body begins with the event; of no use after the return
         * @param length of the event, in bytes
         * @return false to get it as a frame
         */
        boolean pushed(Frame like, String seq, byte[] body, int length);
    }

    private final int limit;
    /** Null for none. */
    private final Shortcut shortcut;
    private final byte[] markBytes = new byte[FrameEncoder.MARK.length];
    private byte[] headerBytes = new byte[512];
    /** Where events are that take the shortcut, one after the other. */
    private byte[] shared = new byte[0];
    /** Length of the header of the frame that is coming in; -1 before its prefix has come. */
    private int header = -1;
    private int body;
    private boolean broken;

    /** The header that is being read. */
    private final PlainJson json = new PlainJson();
    private Command command;
    private int code;
    private String desc;
    private String seq;
    private Map<String, String> properties;
    /** Where the text of its {@code seq} is; -1 when there is none. */
    private int seqStart;
    private int seqEnd;

    /** The last header with a {@code seq}: what was written before and behind that, and how it was read. */
    private byte[] before = {};
    private byte[] behind = {};
    private Frame last;

    /** The last properties, as they were written and as they were read. */
    private byte[] known = {};
    private Map<String, String> knownProperties = Map.of();

    public FrameDecoder() {
        this(DEFAULT_LIMIT);
    }

    /** @param limit largest frame that is taken, in bytes, as {@link Frame#MAX_LENGTH} counts */
    public FrameDecoder(int limit) {
        this(limit, null);
    }

    /**
     * @param limit largest frame that is taken, in bytes, as {@link Frame#MAX_LENGTH} counts
     * @param shortcut gets most acknowledgements that say yes, and most events; null to get all as frames
     */
    public FrameDecoder(int limit, Shortcut shortcut) {
        this.limit = limit;
        this.shortcut = shortcut;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            if (header < 0 && !prefix(in)) {
                return;
            }
            // never more than the limit, so the sum is in range
            if (in.readableBytes() >= header + body) {
                read(in, out);
                header = -1;
            }
        } catch (DecoderException e) {
            broken = true;
            in.skipBytes(in.readableBytes());
            throw e;
        }
    }

    private boolean prefix(ByteBuf in) {
        int mark = FrameEncoder.MARK.length;
        int start = in.readerIndex();
        int some = Math.min(mark, in.readableBytes());
        in.getBytes(start, markBytes, 0, some);
        if (!Arrays.equals(markBytes, 0, some, FrameEncoder.MARK, 0, some)) {
            throw new DecoderException("This is not EventMesh's TCP protocol: a frame has to begin with 'EventMesh0000'.");
        }
        if (in.readableBytes() < PREFIX) {
            return false;
        }
        long length = in.getUnsignedInt(start + mark);
        long headerLength = in.getUnsignedInt(start + mark + 4);
        if (length > limit) {
            throw new DecoderException("A frame of " + length + " bytes is over the limit of " + limit + " bytes.");
        }
        if (headerLength == 0 || mark + headerLength > length) {
            throw new DecoderException(
                    "A frame of " + length + " bytes can't have a header of " + headerLength + " bytes.");
        }
        in.skipBytes(PREFIX);
        header = (int) headerLength;
        body = (int) (length - mark - headerLength);
        return true;
    }

    private void read(ByteBuf in, List<Object> out) {
        if (headerBytes.length < header) {
            headerBytes = new byte[header];
        }
        in.readBytes(headerBytes, 0, header);
        if (isLikeLast()) {
            int end = header - behind.length;
            boolean good = shortcut != null && last.code() == Frame.SUCCESS;
            if (good && last.command() == Command.ASYNC_MESSAGE_TO_SERVER_ACK
                    && shortcut.acknowledged(headerBytes, before.length, end)) {
                in.skipBytes(body);
                return;
            }
            command = last.command();
            code = last.code();
            desc = last.desc();
            properties = last.properties();
            seq = new String(headerBytes, before.length, end - before.length, StandardCharsets.ISO_8859_1);
            if (good && pushed(in)) {
                in.skipBytes(body);
                return;
            }
        } else if (plain()) {
            remember();
        } else {
            parse();
        }
        if (command == null) {
            throw new DecoderException("The header of a frame names no command.");
        }
        out.add(new Frame(command, code, desc, seq, properties, body(command, in)));
    }

    /** Whether an event has taken the shortcut. */
    private boolean pushed(ByteBuf in) {
        if (command != Command.ASYNC_MESSAGE_TO_CLIENT && command != Command.BROADCAST_MESSAGE_TO_CLIENT || body == 0
                || body > SHARED) {
            return false;
        }
        if (shared.length < body) {
            shared = new byte[Math.min(SHARED, 2 * body)];
        }
        in.getBytes(in.readerIndex(), shared, 0, body);
        return shortcut.pushed(last, seq, shared, body);
    }

    /** Whether a header differs from the last one in its {@code seq} only, as nearly all do. */
    private boolean isLikeLast() {
        int end = header - behind.length;
        return last != null && end >= before.length && Arrays.equals(headerBytes, 0, before.length, before, 0, before.length)
                && Arrays.equals(headerBytes, end, header, behind, 0, behind.length)
                && Words.endOfPlainAscii(headerBytes, before.length, end) == end;
    }

    private void remember() {
        if (seqStart >= 0 && command != null && header <= REMEMBERED) {
            before = Arrays.copyOfRange(headerBytes, 0, seqStart);
            behind = Arrays.copyOfRange(headerBytes, seqEnd, header);
            last = new Frame(command, code, desc, seq, properties, Frame.NO_BODY);
        }
    }

    private void clear() {
        seqStart = -1;
        command = null;
        code = Frame.SUCCESS;
        desc = null;
        seq = null;
        properties = Map.of();
    }

    /** Reads the header as programs write it; false when it is of another form. */
    private boolean plain() {
        clear();
        json.reset(headerBytes, 0, header);
        if (!json.next('{')) {
            return false;
        }
        do {
            if (!json.string()) {
                return false;
            }
            String name = json.sharedText();
            if (!json.next(':') || !value(name)) {
                return false;
            }
        } while (json.next(','));
        return json.next('}') && json.atEnd();
    }

    private boolean value(String name) {
        switch (json.peek()) {
            case 'n' -> {
                return !name.equals("code") && json.word("null");
            }
            case '{' -> {
                return name.equals("properties") && plainProperties();
            }
            case '"' -> {
                if (!json.string()) {
                    return false;
                }
                switch (name) {
                    case "cmd" -> {
                        command = COMMANDS.get(json.sharedText());
                        return command != null;
                    }
                    case "desc" -> desc = json.sharedText();
                    case "seq" -> {
                        seq = json.text();
                        seqStart = json.start();
                        seqEnd = json.end();
                    }
                    case "code" -> {
                        return false;
                    }
                    default -> {
                    }
                }
                return true;
            }
            default -> {
                int number = json.number();
                code = name.equals("code") ? number : code;
                return number >= 0 && !name.equals("cmd") && !name.equals("seq") && !name.equals("desc");
            }
        }
    }

    /** Most servers write the same ones each time. */
    private boolean plainProperties() {
        int start = json.at();
        if (known.length > 0 && json.word(known)) {
            properties = knownProperties;
            return true;
        }
        json.next('{');
        Map<String, String> all = new HashMap<>();
        if (!json.next('}')) {
            do {
                if (!json.string()) {
                    return false;
                }
                String name = json.sharedText();
                if (!json.next(':') || !json.string()) {
                    return false;
                }
                all.put(name, json.sharedText());
            } while (json.next(','));
            if (!json.next('}')) {
                return false;
            }
        }
        known = Arrays.copyOfRange(headerBytes, start, json.at());
        knownProperties = Map.copyOf(all);
        properties = knownProperties;
        return true;
    }

    private void parse() {
        clear();
        try (JsonParser json = Json.FACTORY.createParser(headerBytes, 0, header)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new DecoderException("The header of a frame is not a JSON object.");
            }
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                switch (name) {
                    case "cmd" -> command = command(json);
                    case "code" -> code = json.getValueAsInt();
                    case "desc" -> desc = json.getValueAsString();
                    case "seq" -> seq = json.getValueAsString();
                    case "properties" -> properties = properties(json);
                    default -> {
                    }
                }
                json.skipChildren();
            }
        } catch (IOException e) {
            throw new DecoderException("The header of a frame is not JSON.", e);
        }
    }

    private byte[] body(Command command, ByteBuf in) {
        boolean drop = switch (command) {
            case ASYNC_MESSAGE_TO_SERVER_ACK, ASYNC_MESSAGE_TO_CLIENT_ACK, BROADCAST_MESSAGE_TO_SERVER_ACK,
                    BROADCAST_MESSAGE_TO_CLIENT_ACK, REQUEST_TO_CLIENT_ACK, RESPONSE_TO_CLIENT_ACK ->
                true;
            default -> false;
        };
        if (body == 0 || drop) {
            in.skipBytes(body);
            return Frame.NO_BODY;
        }
        byte[] bytes = new byte[body];
        in.readBytes(bytes);
        return bytes;
    }

    private static Command command(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        String name = json.getValueAsString("");
        Command command = COMMANDS.get(name);
        if (command == null) {
            throw new DecoderException("The header of a frame names the unknown command '" + name + "'.");
        }
        return command;
    }

    private static Map<String, String> properties(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return Map.of();
        }
        Map<String, String> properties = null;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken token = json.nextToken();
            if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                if (properties == null) {
                    properties = new HashMap<>();
                }
                properties.put(name, json.getText());
            } else {
                json.skipChildren();
            }
        }
        return properties == null ? Map.of() : properties;
    }
}
