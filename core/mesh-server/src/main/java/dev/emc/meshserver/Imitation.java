package dev.emc.meshserver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

import org.apache.eventmesh.common.protocol.tcp.Command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.emc.wire.Frame;

/** What the {@link Quirk}s do to messages. Used on the broker's thread. */
final class Imitation {

    private static final int ONE_IN = 200;
    private static final int HOLD_ONE_IN = 50;
    /** Characters of data that an event may have under {@link Quirk#SMALL_EVENTS}. */
    static final int SMALL_EVENT = 1000;
    private static final JsonFactory JSON = new JsonFactory();

    private final Set<Quirk> quirks;
    private final EventScanner scanner = new EventScanner();
    private long answers;
    private long routed;
    private long publishes;

    Imitation(Set<Quirk> quirks) {
        this.quirks = quirks;
    }

    boolean does(Quirk quirk) {
        return quirks.contains(quirk);
    }

    /** The answer to an event that was taken; null when there shall be none. */
    Frame accepted(Command command, String seq) {
        boolean hit = (does(Quirk.LOST_ACKS) || does(Quirk.FALSE_FAILURES)) && ++answers % ONE_IN == 0;
        if (!hit) {
            return Frame.answer(command, Frame.SUCCESS, "success", seq);
        }
        return does(Quirk.LOST_ACKS) ? null : Frame.answer(command, Frame.FAIL, "imitated failure", seq);
    }

    /** Whether an event, which is one, shall be refused for its length. */
    boolean tooLong(byte[] event) {
        if (!does(Quirk.SMALL_EVENTS)) {
            return false;
        }
        try (JsonParser json = JSON.createParser(event)) {
            json.nextToken();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                if (json.nextToken() == JsonToken.VALUE_STRING && name.equals("data")) {
                    return json.getTextLength() > SMALL_EVENT;
                }
                json.skipChildren();
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the answer shall go to another client. */
    boolean misroutes() {
        return does(Quirk.MISROUTED_ACKS) && ++routed % ONE_IN == 0;
    }

    /** Whether this publish shall change places with the next one. */
    boolean holdsBack() {
        return does(Quirk.REORDER) && ++publishes % HOLD_ONE_IN == 0;
    }

    /** The push of an event as a real server would send it. */
    Frame push(Command command, String seq, byte[] event) {
        if (does(Quirk.POISON)) {
            scanner.scan(event);
            String type = scanner.contentType();
            if (type == null || !type.startsWith("application/cloudevents+json")) {
                return new Frame(command, Frame.FAIL, "imitated poison", seq, Map.of(), null);
            }
        }
        if (does(Quirk.CORRUPT_BASE64) || does(Quirk.ADD_EXTENSIONS)) {
            return Frame.event(command, seq, rewrite(event));
        }
        return Frame.event(command, seq, event);
    }

    private byte[] rewrite(byte[] event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(event.length + 128);
        try (JsonParser in = JSON.createParser(event); JsonGenerator json = JSON.createGenerator(out)) {
            in.nextToken();
            json.writeStartObject();
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                json.writeFieldName(name);
                if (name.equals("data_base64") && does(Quirk.CORRUPT_BASE64)) {
                    json.writeString(Base64.getEncoder().encodeToString(in.getText().getBytes(StandardCharsets.US_ASCII)));
                } else {
                    json.copyCurrentStructure(in);
                }
            }
            if (does(Quirk.ADD_EXTENSIONS)) {
                json.writeStringField("protocoltype", "cloudevents");
                json.writeStringField("protocolversion", "1.0");
                json.writeStringField("protocoldesc", "tcp");
                json.writeStringField("reqc2eventmeshtimestamp", Long.toString(System.currentTimeMillis()));
                json.writeStringField("rsp0ip", "127.0.0.1");
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
