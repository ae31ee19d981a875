package dev.emc.core.transform;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.core.JsonPointer;

import dev.emc.api.Acknowledgement;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.api.SourceRecord;
import dev.emc.kit.JsonText;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** A record while it is changed. Topic and place in the source stay what they are. */
final class Draft {

    private static final String JSON = "application/json";
    private static final String STRUCTURED = "application/cloudevents+json";

    private final ConnectorRecord original;
    private boolean changed;
    private byte[] data;
    private String contentType;
    private Instant timestamp;
    private Map<String, Object> attributes;
    /** Whether {@link #attributes} is a copy of our own. */
    private boolean copied;
    /** Whether the data has been found to be JSON, with nothing around the value. */
    private boolean json;

    Draft(ConnectorRecord record) {
        original = record;
        take(record);
    }

    private void take(ConnectorRecord record) {
        data = record.data();
        contentType = record.contentType();
        timestamp = record.timestamp();
        attributes = record.attributes();
        copied = false;
    }

    /** The changed record; the original one when nothing has changed. */
    ConnectorRecord record() {
        if (!changed) {
            return original;
        }
        ConnectorRecord.Builder<?> builder = original instanceof SourceRecord record
                ? (record.progress() instanceof Position position
                        ? SourceRecord.at(position)
                        : SourceRecord.acknowledgedBy((Acknowledgement) record.progress())).problem(record.problem())
                : ConnectorRecord.builder();
        builder.data(data).contentType(contentType).timestamp(timestamp).topic(original.topic()).attributes(attributes);
        return builder.build();
    }

    /** The value of an attribute, {@code time} and {@code datacontenttype} being two; null when there is none. */
    Object get(String name) {
        return switch (name) {
            case "time" -> timestamp == null ? null : timestamp.toString();
            case "datacontenttype" -> contentType;
            default -> attributes.get(name);
        };
    }

    void remove(String name) {
        if (get(name) == null) {
            return;
        }
        changed = true;
        switch (name) {
            case "time" -> timestamp = null;
            case "datacontenttype" -> contentType = null;
            default -> own().remove(name);
        }
    }

    /** Sets an attribute. Those of CloudEvents itself are text; extensions keep the type of the value. */
    void put(String name, Object value) throws PermanentException {
        switch (name) {
            case "time" -> {
                Instant time = time(value.toString());
                changed |= !time.equals(timestamp);
                timestamp = time;
            }
            case "datacontenttype" -> type(value.toString());
            case "id", "source", "type" -> {
                if (value.toString().isEmpty()) {
                    throw new PermanentException("Event '" + original.id() + "' would have an empty " + name + ".");
                }
                attribute(name, value.toString());
            }
            case "subject", "dataschema" -> attribute(name, value.toString());
            default -> attribute(name, value);
        }
    }

    private void attribute(String name, Object value) {
        if (!value.equals(attributes.get(name))) {
            changed = true;
            own().put(name, value);
        }
    }

    private Map<String, Object> own() {
        if (!copied) {
            attributes = new LinkedHashMap<>(attributes);
            copied = true;
        }
        return attributes;
    }

    private Instant time(String text) throws PermanentException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new PermanentException("Event '" + original.id() + "' would have the time '" + text
                    + "', which is no date and time such as 2026-11-22T15:00:00Z.", e);
        }
    }

    private void type(String type) {
        changed |= !type.equals(contentType);
        contentType = type;
    }

    void pick(JsonPointer pointer) throws PermanentException {
        if (data == null) {
            throw new PermanentException("Event '" + original.id() + "' has no payload to take " + pointer + " from.");
        }
        byte[] part = JsonText.at(pointer, data, original.id());
        if (part == null) {
            throw new PermanentException("The payload of event '" + original.id() + "' has nothing at " + pointer + ".");
        }
        toJson(part);
    }

    void wrap(byte[] opening) throws PermanentException {
        byte[] value = json ? data : data == null ? JsonText.NULL : JsonText.of(data, contentType, original.id());
        byte[] object = new byte[opening.length + value.length + 1];
        System.arraycopy(opening, 0, object, 0, opening.length);
        System.arraycopy(value, 0, object, opening.length, value.length);
        object[object.length - 1] = '}';
        toJson(object);
    }

    /** Makes JSON text of the payload; no payload stays none. */
    void toJson() throws PermanentException {
        if (data != null) {
            toJson(json ? data : JsonText.of(data, contentType, original.id()));
        }
    }

    private void toJson(byte[] text) {
        json = true;
        changed |= text != data;
        data = text;
        if (contentType == null || !StructuredJson.isJsonType(contentType)) {
            type(JSON);
        }
    }

    /** Puts the whole event into its payload. */
    void pack() throws PermanentException {
        try {
            data = StructuredJson.write(record());
        } catch (EventFormatException e) {
            throw new PermanentException(e.getMessage(), e);
        }
        changed = true;
        type(STRUCTURED);
    }

    /** Takes the event in the payload in place of this one. */
    void unpack() throws PermanentException {
        try {
            take(StructuredJson.read(Objects.requireNonNullElse(data, new byte[0])));
        } catch (EventFormatException e) {
            throw new PermanentException("The payload of event '" + original.id() + "' is no event in CloudEvents JSON. "
                    + e.getMessage(), e);
        }
        changed = true;
    }
}
