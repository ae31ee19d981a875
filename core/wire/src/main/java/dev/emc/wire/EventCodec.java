package dev.emc.wire;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.emc.api.ConnectorRecord;

/**
 * Turns records into CloudEvents as EventMesh lets them through, and back.
 *
 * <p>EventMesh needs the {@code subject} for the topic, drops events of other content types than its own, damages
 * {@code data_base64}, and adds attributes. So the payload travels as a JSON string and extensions tell what it was:
 * {@code emcdata} ({@code text}, {@code base64} or {@code none}), {@code emctype} (the content type),
 * {@code emcsubject} (the subject) and {@code emcext} (the names of all other extensions, with {@code :i} after an
 * integer and {@code :b} after a boolean, because some stores behind EventMesh turn both into text). An extension
 * whose name the mesh or this class uses itself is renamed with {@code emcx} in front.
 */
public final class EventCodec {

    /** The only content type that EventMesh carries. */
    public static final String CONTENT_TYPE = "application/cloudevents+json";

    private static final byte[] CONTENT_TYPE_AND_SUBJECT = EventWriter
            .ascii(",\"datacontenttype\":\"" + CONTENT_TYPE + "\",\"subject\":");
    private static final byte[] DATA = EventWriter.ascii(",\"data\":");
    private static final String HOW = "emcdata";
    private static final String TYPE = "emctype";
    private static final byte[] NONE = EventWriter.ascii(",\"" + HOW + "\":\"none\"");
    private static final byte[] TEXT = EventWriter.ascii(",\"" + HOW + "\":\"text\"");
    private static final byte[] BASE64 = EventWriter.ascii(",\"" + HOW + "\":\"base64\"");
    private static final byte[] CONTENT_TYPE_NAME = EventWriter.ascii(",\"" + TYPE + "\":");
    private static final String OWN_SUBJECT = "emcsubject";
    private static final byte[] OWN_SUBJECT_NAME = EventWriter.ascii(",\"" + OWN_SUBJECT + "\":");
    private static final String EXTENSIONS = "emcext";
    private static final byte[] EXTENSIONS_NAME = EventWriter.ascii(",\"" + EXTENSIONS + "\":");
    private static final String RENAMED = "emcx";

    /** What EventMesh and the RocketMQ behind it add to an event, besides all that begins with rsp0 or req0. */
    private static final Set<String> ADDITIONS = Set.of("protocoltype", "protocolversion", "protocoldesc",
            "reqc2eventmeshtimestamp", "reqeventmesh2mqtimestamp", "reqmq2eventmeshtimestamp", "reqeventmesh2ctimestamp",
            "rspc2eventmeshtimestamp", "rspeventmesh2mqtimestamp", "rspmq2eventmeshtimestamp", "rspeventmesh2ctimestamp",
            "reqsendeventmeship", "reqreceiveeventmeship", "rspsendeventmeship", "rspreceiveeventmeship", "messageid",
            "destination", "bornhost", "borntimestamp", "storehost", "storetimestamp", "queueid", "queueoffset", "cluster",
            "wait", "min99offset", "max99offset", "uniq99key", "msg99region", "trace99on", "consume99start99time",
            "leave99time", "arrive99time", "store99time");

    /** Each thread reads one event after the other with the same one. */
    private static final ThreadLocal<EventReader> READERS = ThreadLocal.withInitial(EventReader::new);

    /** Most events have the same extensions. Threads may overwrite each other's: no harm. */
    private static volatile Typed lastTyped = new Typed("", List.of());

    private EventCodec() {}

    /**
     * Writes a record as the event that is published to a topic.
     *
     * @throws EventFormatException when the record has no id, source or type, or an attribute that no CloudEvent can have
     */
    public static byte[] write(ConnectorRecord record, String topic) throws EventFormatException {
        JsonBuffer json = EventWriter.buffer(record);
        write(record, topic, json);
        return json.copy();
    }

    /**
     * Writes a record into a buffer, behind what is in it.
     *
     * @throws EventFormatException as the other method; nothing is written then
     */
    public static void write(ConnectorRecord record, String topic, JsonBuffer json) throws EventFormatException {
        int before = json.length();
        try {
            writeOnto(record, topic, json);
        } catch (EventFormatException e) {
            json.truncate(before);
            throw e;
        }
    }

    private static void writeOnto(ConnectorRecord record, String topic, JsonBuffer json) throws EventFormatException {
        byte[] data = record.data();
        boolean plain = data != null && Words.endOfPlainAscii(data, 0, data.length) == data.length;
        boolean text = plain || data != null && Utf8.valid(data);
        EventWriter.begin(record, json);
        byte[] subject = KnownTexts.json(topic);
        json.raw(CONTENT_TYPE_AND_SUBJECT);
        if (subject == null) {
            json.string(topic);
        } else {
            json.raw(subject);
        }
        JsonBuffer names = json.aside();
        EventWriter.extensions(record, json, names);
        json.raw(data == null ? NONE : text ? TEXT : BASE64);
        if (record.contentType() != null) {
            json.raw(CONTENT_TYPE_NAME).raw(EventWriter.known(record, "datacontenttype", record.contentType()));
        }
        if (record.attribute("subject") != null) {
            EventWriter.text(record, "subject", record.attribute("subject"), json.raw(OWN_SUBJECT_NAME));
        }
        if (names.length() > 0) {
            json.raw(EXTENSIONS_NAME).raw('"').raw(names).raw('"');
        }
        json.raw(DATA);
        if (data == null) {
            json.string("");
        } else if (plain) {
            json.raw('"').raw(data).raw('"');
        } else if (text) {
            json.string(data);
        } else {
            json.base64(data);
        }
        json.raw('}');
    }

    /**
     * Reads an event that came from the mesh. One that {@link #write} wrote comes back as the very record; another one
     * keeps all but the mesh's additions, its data being the bytes of the JSON value as they stand (or what
     * {@code data_base64} or a string of a content type that is not JSON stands for).
     *
     * @return the record; its topic is the event's subject
     * @throws EventFormatException when this is no event
     */
    public static ConnectorRecord read(byte[] json) throws EventFormatException {
        return read(json, json.length);
    }

    /**
     * As {@link #read(byte[])}, of an event at the beginning of an array, which may be used for something else afterwards.
     *
     * @param length of the event, in bytes
     */
    public static ConnectorRecord read(byte[] json, int length) throws EventFormatException {
        EventReader event = READERS.get();
        try {
            event.load(json, 0, length);
            return record(event);
        } finally {
            event.release();
        }
    }

    private static ConnectorRecord record(EventReader event) throws EventFormatException {
        ConnectorRecord.Builder<?> record = ConnectorRecord.builder().topic(event.subject()).timestamp(event.time);
        Object how = event.attributes.get(HOW);
        if (how == null) {
            event.attributes.forEach((name, value) -> {
                if (!addition(name)) {
                    record.attribute(name, value);
                }
            });
            return record.data(event.data()).contentType(event.contentType).build();
        }
        return restored(event, how.toString(), record);
    }

    /**
     * How long the data of a written event is in characters, which is what EventMesh servers limit: of its JSON value,
     * quotes and escapes included. 0 when this is no event.
     */
    public static int dataLength(byte[] json) {
        try {
            return EventReader.read(json, 0, json.length).dataLength();
        } catch (EventFormatException e) {
            return 0;
        }
    }

    private static ConnectorRecord restored(EventReader event, String how, ConnectorRecord.Builder<?> record)
            throws EventFormatException {
        Attributes attributes = event.attributes;
        for (String name : EventWriter.CONTEXT) {
            record.attribute(name, name.equals("subject") ? attributes.get(OWN_SUBJECT) : attributes.get(name));
        }
        Object names = attributes.get(EXTENSIONS);
        if (names != null) {
            for (Extension extension : typed(names.toString())) {
                record.attribute(extension.name, converted(attributes.get(extension.carried), extension.type));
            }
        }
        Object type = attributes.get(TYPE);
        record.contentType(type == null ? null : type.toString());
        switch (how) {
            case "none" -> {
            }
            case "text" -> record.data(event.string());
            case "base64" -> {
                try {
                    record.data(Base64.getDecoder().decode(event.string()));
                } catch (IllegalArgumentException e) {
                    throw new EventFormatException("The data of event '" + event.attributes.get("id")
                            + "' is marked as base64 but isn't.", e);
                }
            }
            default -> throw new EventFormatException("Event '" + event.attributes.get("id")
                    + "' has its data in the form '" + how + "', which this version doesn't know.", null);
        }
        return record.build();
    }

    /**
     * The extensions of an event.
     *
     * @param names with their types, as {@link #write} lists them
     */
    private record Typed(String names, List<Extension> extensions) {}

    /** @param type empty for text */
    private record Extension(String name, String carried, String type) {}

    private static List<Extension> typed(String names) {
        Typed last = lastTyped;
        if (last.names.equals(names)) {
            return last.extensions;
        }
        Map<String, Extension> typed = new LinkedHashMap<>();
        for (int start = 0; start <= names.length();) {
            int end = names.indexOf(',', start);
            end = end < 0 ? names.length() : end;
            int colon = names.indexOf(':', start);
            boolean text = colon < 0 || colon >= end;
            String name = names.substring(start, text ? end : colon);
            typed.put(name, new Extension(name, carried(name), text ? "" : names.substring(colon + 1, end)));
            start = end + 1;
        }
        List<Extension> extensions = List.copyOf(typed.values());
        lastTyped = new Typed(names, extensions);
        return extensions;
    }

    private static Object converted(Object value, String type) {
        if (value == null) {
            return null;
        }
        try {
            return switch (type) {
                case "i" -> value instanceof Integer ? value : Integer.valueOf(value.toString());
                case "b" -> value instanceof Boolean ? value : Boolean.valueOf(value.toString());
                default -> value.toString();
            };
        } catch (NumberFormatException e) {
            return value;
        }
    }

    /** The name under which the mesh carries an extension. */
    static String carried(String name) {
        boolean reserved = name.startsWith("emc") || name.equals("specversion") || addition(name);
        return reserved ? RENAMED + name : name;
    }

    /** Whether the mesh itself adds an attribute of this name. */
    private static boolean addition(String name) {
        return ADDITIONS.contains(name) || name.startsWith("rsp0") || name.startsWith("req0");
    }
}
