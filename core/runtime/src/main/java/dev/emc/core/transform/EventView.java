package dev.emc.core.transform;

import java.net.URI;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.SpecVersion;

import dev.emc.api.ConnectorRecord;

/** A record as the CloudEvents library sees an event: a view without data that moves from record to record. */
final class EventView implements CloudEvent {

    private static final List<String> CONTEXT = List.of("specversion", "id", "source", "type", "subject", "dataschema",
            "datacontenttype", "time");

    private ConnectorRecord record;

    private final Set<String> attributeNames = new AbstractSet<>() {

        @Override
        public boolean contains(Object name) {
            return CONTEXT.contains(name) && getAttribute((String) name) != null;
        }

        @Override
        public Iterator<String> iterator() {
            return CONTEXT.stream().filter(this::contains).iterator();
        }

        @Override
        public int size() {
            return (int) CONTEXT.stream().filter(this::contains).count();
        }
    };

    EventView of(ConnectorRecord record) {
        this.record = record;
        return this;
    }

    @Override
    public Object getAttribute(String name) {
        return switch (name) {
            case "specversion" -> "1.0";
            case "datacontenttype" -> record.contentType();
            case "time" -> record.timestamp() == null ? null : record.timestamp().toString();
            default -> record.attribute(name);
        };
    }

    @Override
    public Set<String> getAttributeNames() {
        return attributeNames;
    }

    @Override
    public Object getExtension(String name) {
        return record.attributes().get(name);
    }

    /** With the context attributes among them, which does no harm: the library asks for both. */
    @Override
    public Set<String> getExtensionNames() {
        return record.attributes().keySet();
    }

    @Override
    public CloudEventData getData() {
        return null;
    }

    @Override
    public SpecVersion getSpecVersion() {
        return SpecVersion.V1;
    }

    @Override
    public String getId() {
        return record.id();
    }

    @Override
    public String getType() {
        return record.attribute("type");
    }

    @Override
    public URI getSource() {
        return URI.create(record.attribute("source"));
    }

    @Override
    public String getDataContentType() {
        return record.contentType();
    }

    @Override
    public URI getDataSchema() {
        String schema = record.attribute("dataschema");
        return schema == null ? null : URI.create(schema);
    }

    @Override
    public String getSubject() {
        return record.attribute("subject");
    }

    @Override
    public OffsetDateTime getTime() {
        return record.timestamp() == null ? null : record.timestamp().atOffset(ZoneOffset.UTC);
    }
}
