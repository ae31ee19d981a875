package dev.emc.jdbc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonPointer;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.jdbc.Dialect.NewType;
import dev.emc.kit.Template;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** Where a column of {@code connector.columns} gets its value from. */
sealed interface ColumnSource {

    /** What an event has for it; null for nothing. */
    Object value(ConnectorRecord event, Payload payload) throws PermanentException;

    /** The type of a column that is made for such a value. */
    default NewType type(Object value) {
        return RowMapper.newType(value);
    }

    /**
     * Reads a value of {@code connector.columns}.
     *
     * @throws IllegalArgumentException when it can't be one; the message says what is wrong, small first letter, no full stop
     */
    static ColumnSource parse(String text) {
        Matcher pointer = Pointer.ALONE.matcher(text);
        if (pointer.matches()) {
            return new Pointer(JsonPointer.compile(pointer.group(1) != null ? pointer.group(1) : text));
        }
        Matcher attribute = Attribute.ALONE.matcher(text);
        if (!attribute.matches()) {
            return new Text(Template.parse(text));
        }
        return switch (attribute.group(1)) {
            case "data" -> new Data();
            case "cloudevent" -> new Event();
            default -> new Attribute(attribute.group(1));
        };
    }

    /** A part of the payload. */
    record Pointer(JsonPointer pointer) implements ColumnSource {

        private static final Pattern ALONE = Pattern.compile("\\{(/[^{}|]*)\\}|/[^{}]*");

        @Override
        public Object value(ConnectorRecord event, Payload payload) throws PermanentException {
            return payload.at(pointer);
        }
    }

    /** An attribute, the time, the content type or the topic. */
    record Attribute(String name) implements ColumnSource {

        private static final Pattern ALONE = Pattern.compile("\\{([a-z][a-z0-9]*)\\}");

        @Override
        public Object value(ConnectorRecord event, Payload payload) {
            return switch (name) {
                case "topic" -> event.topic();
                case "time" -> event.timestamp();
                case "datacontenttype" -> event.contentType();
                default -> number(event.attributes().get(name));
            };
        }

        private static Object number(Object value) {
            return value instanceof Integer number ? (Object) number.longValue() : value;
        }
    }

    /** The payload as it is. */
    record Data() implements ColumnSource {

        @Override
        public Object value(ConnectorRecord event, Payload payload) {
            return event.data();
        }

        @Override
        public NewType type(Object value) {
            return NewType.BINARY;
        }
    }

    /** The whole event as CloudEvents JSON. */
    record Event() implements ColumnSource {

        @Override
        public Object value(ConnectorRecord event, Payload payload) throws PermanentException {
            try {
                return new Json(StructuredJson.write(event));
            } catch (EventFormatException e) {
                throw new PermanentException(e.getMessage(), e);
            }
        }
    }

    /** Text with placeholders. */
    record Text(Template template) implements ColumnSource {

        @Override
        public Object value(ConnectorRecord event, Payload payload) throws PermanentException {
            return template.apply(event);
        }
    }

    /** The payload of an event, parsed when it is first looked into. */
    final class Payload {

        private final ConnectorRecord event;
        private Object value;
        private boolean read;

        Payload(ConnectorRecord event) {
            this.event = event;
        }

        /** What a pointer leads to; null when there is nothing. */
        Object at(JsonPointer pointer) throws PermanentException {
            if (!read) {
                value = event.data() == null ? null : Json.read(event.data(), event.id());
                read = true;
            }
            if (pointer.matches() || value == null) {
                return value;
            }
            return value instanceof Json json ? json.at(pointer, event.id()) : null;
        }
    }
}
