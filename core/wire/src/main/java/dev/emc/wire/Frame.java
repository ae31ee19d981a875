package dev.emc.wire;

import java.util.Map;
import java.util.Objects;

import org.apache.eventmesh.common.protocol.tcp.Command;

/**
 * One message of EventMesh's TCP protocol.
 *
 * @param command what it is
 * @param code how a request ended: one of {@link #SUCCESS}, {@link #FAIL}, {@link #ACL_FAIL}, {@link #TPS_OVERLOAD}
 * @param desc the reason of a code for people; may be null
 * @param seq what an answer has in common with its request; null in some messages of real servers
 * @param properties what the header says about the body; never null, unmodifiable
 * @param body raw bytes as they travel; never null, empty when there is no body. Shared, not copied
 */
public record Frame(Command command, int code, String desc, String seq, Map<String, String> properties, byte[] body) {

    /** {@code code} of a request and of an answer that says yes. */
    public static final int SUCCESS = 0;
    /** {@code code}: something went wrong. */
    public static final int FAIL = 1;
    /** {@code code}: this client may not do that. */
    public static final int ACL_FAIL = 2;
    /** {@code code}: too many messages a second. */
    public static final int TPS_OVERLOAD = 3;

    /** Largest frame that every server takes, as the frame itself counts: mark, version, header and body. Bytes. */
    public static final int MAX_LENGTH = 4 * 1024 * 1024;

    /** Key in {@link #properties} that says what the body is. */
    public static final String PROTOCOL_TYPE = "protocoltype";

    /** The properties of a message whose body is a CloudEvent in JSON. */
    public static final Map<String, String> CLOUDEVENT = Map.of(PROTOCOL_TYPE, "cloudevents", "protocolversion", "1.0",
            "protocoldesc", "tcp");

    /** The body of a message without one. */
    public static final byte[] NO_BODY = {};

    public Frame {
        Objects.requireNonNull(command, "command");
        properties = properties == null ? Map.of() : properties;
        body = body == null ? NO_BODY : body;
    }

    /** A message without properties and with success as its code. */
    public static Frame of(Command command, String seq, byte[] body) {
        return new Frame(command, SUCCESS, null, seq, Map.of(), body);
    }

    /** A message without a body and with success as its code, such as a heartbeat or an acknowledgement. */
    public static Frame of(Command command, String seq) {
        return of(command, seq, NO_BODY);
    }

    /** An answer without a body. */
    public static Frame answer(Command command, int code, String desc, String seq) {
        return new Frame(command, code, desc, seq, Map.of(), NO_BODY);
    }

    /** A message that carries an event as {@link EventCodec} writes it. */
    public static Frame event(Command command, String seq, byte[] event) {
        return new Frame(command, SUCCESS, null, seq, CLOUDEVENT, event);
    }

    @Override
    public String toString() {
        return command + " code " + code + (desc == null ? "" : " (" + desc + ")") + " seq " + seq + " with " + body.length
                + " bytes";
    }
}
