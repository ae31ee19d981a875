package dev.emc.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What connectors carry: data with a content type, and attributes. Immutable; the data array is shared, not copied,
 * and must not be changed.
 *
 * <p>Attributes are those of CloudEvents 1.0: {@code id}, {@code source}, {@code type}, {@code subject},
 * {@code dataschema} and extensions by their own names (lower-case letters and digits). {@code time} and
 * {@code datacontenttype} have methods of their own and never stand among the attributes. Values are strings,
 * {@link Integer}s or {@link Boolean}s.
 */
public class ConnectorRecord {

    private final byte[] data;
    private final String contentType;
    private final Map<String, Object> attributes;
    private final Instant timestamp;
    private final String topic;

    protected ConnectorRecord(Builder<?> builder) {
        this.data = builder.data;
        this.contentType = builder.contentType;
        this.attributes = builder.attributes();
        this.timestamp = builder.timestamp;
        this.topic = builder.topic;
    }

    /** A builder of a record as a sink gets it. Records of sources come from {@link SourceRecord}. */
    public static Builder<?> builder() {
        return new RecordBuilder();
    }

    /** The payload; null when the record has none, which is not the same as an empty one. */
    public byte[] data() {
        return data;
    }

    /** The payload as UTF-8 text; null when there is none. */
    public String text() {
        return data == null ? null : new String(data, StandardCharsets.UTF_8);
    }

    /** The media type of the payload, such as {@code text/plain}; null when unknown. */
    public String contentType() {
        return contentType;
    }

    /** All attributes, unmodifiable, in the order in which they were set. */
    public Map<String, Object> attributes() {
        return attributes;
    }

    /** An attribute as text; null when absent. */
    public String attribute(String name) {
        Object value = attributes.get(name);
        return value == null ? null : value.toString();
    }

    /** The event id; in a record of a source null when the worker has to derive it from the position. */
    public String id() {
        return attribute("id");
    }

    /** When the event happened (CloudEvents {@code time}); null when unknown. */
    public Instant timestamp() {
        return timestamp;
    }

    /** The mesh topic: where the record came from (sinks) or goes to (sources; null: the worker's own topic). */
    public String topic() {
        return topic;
    }

    /** The size that counts for limits in bytes: the payload and a fixed share for attributes. */
    public int size() {
        return (data == null ? 0 : data.length) + 256;
    }

    @Override
    public String toString() {
        return "record " + attribute("id") + (data == null ? " without data" : " with " + data.length + " bytes");
    }

    /** Builds a record; {@code B} is the builder's own type. */
    public abstract static class Builder<B extends Builder<B>> {

        private byte[] data;
        private String contentType;
        /** The attributes: name, value, name, value. */
        private Object[] few = new Object[12];
        private int fewLength;
        /** All of them, once they are many; null before. */
        private Map<String, Object> many;
        private Instant timestamp;
        private String topic;

        protected Builder() {}

        protected abstract B self();

        public abstract ConnectorRecord build();

        public B data(byte[] data) {
            this.data = data;
            return self();
        }

        public B text(String text) {
            this.data = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
            return self();
        }

        public B contentType(String contentType) {
            this.contentType = contentType;
            return self();
        }

        /**
         * Sets an attribute; a null value removes it.
         *
         * @throws IllegalArgumentException when the value is not a string, integer or boolean, or when the name is
         *             {@code time}, {@code datacontenttype} or {@code data}
         */
        public B attribute(String name, Object value) {
            Objects.requireNonNull(name, "name");
            if (value == null) {
                remove(name);
                return self();
            }
            if (name.equals("time") || name.equals("datacontenttype") || name.equals("data")) {
                throw new IllegalArgumentException("'" + name + "' is no attribute of a record but a field of its own");
            }
            if (!(value instanceof String || value instanceof Integer || value instanceof Boolean)) {
                throw new IllegalArgumentException("attribute '" + name + "' is not a string, integer or boolean");
            }
            put(name, value);
            return self();
        }

        private void put(String name, Object value) {
            if (many != null) {
                many.put(name, value);
                return;
            }
            int index = FewEntries.indexOf(few, fewLength, name);
            if (index == fewLength) {
                if (fewLength == 2 * FewEntries.MOST) {
                    many = new LinkedHashMap<>(new FewEntries(few));
                    many.put(name, value);
                    return;
                }
                if (fewLength == few.length) {
                    few = Arrays.copyOf(few, 2 * FewEntries.MOST);
                }
                few[index] = name;
                fewLength += 2;
            }
            few[index + 1] = value;
        }

        private void remove(String name) {
            if (many != null) {
                many.remove(name);
                return;
            }
            int index = FewEntries.indexOf(few, fewLength, name);
            if (index < fewLength) {
                fewLength -= 2;
                System.arraycopy(few, index + 2, few, index, fewLength - index);
            }
        }

        private Map<String, Object> attributes() {
            return many == null
                    ? new FewEntries(Arrays.copyOf(few, fewLength))
                    : Collections.unmodifiableMap(new LinkedHashMap<>(many));
        }

        public B attributes(Map<String, Object> all) {
            all.forEach(this::attribute);
            return self();
        }

        public B timestamp(Instant timestamp) {
            this.timestamp = timestamp;
            return self();
        }

        public B topic(String topic) {
            this.topic = topic;
            return self();
        }
    }

    private static final class RecordBuilder extends Builder<RecordBuilder> {

        @Override
        protected RecordBuilder self() {
            return this;
        }

        @Override
        public ConnectorRecord build() {
            return new ConnectorRecord(this);
        }
    }
}
